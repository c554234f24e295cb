import type { Gap, RunContext, StargateError } from "@stargate/kernel";
import { fail } from "../openai-errors.ts";
import type { ChatAnswer } from "../transforms/ask-chat.ts";
import type { SourceLine } from "./source-line.ts";
import type { SummariseOptions } from "./summarise-options.ts";
import { checkStamps } from "./time-stamps.ts";

/** Stamps that an issue names. */
const NAMED_STAMPS = 5;

/** What the summary may use of its run. */
export type SummaryContext = Pick<
  RunContext<SummariseOptions>,
  "compute" | "coverage" | "degrade" | "disclose" | "issue" | "meter" | "options" | "progress" | "signal"
>;

/** Keeps the books of a summary: what was read, what was left out, which times stand in it. */
export interface SummaryRecord {
  read(lines: readonly SourceLine[], answer: ChatAnswer): void;
  /** A part that failed: an issue, and a gap in the coverage. */
  leaveOut(lines: readonly SourceLine[], error: StargateError): void;
  /** A round in which notes were put together. */
  round(): void;
  /** The text without times that do not stand in the lines; an issue says which. */
  withKnownStamps(text: string, lines: readonly SourceLine[], item: string): string;
  /** Why there is nothing to sum up. */
  firstFailure(): StargateError;
  /** Tells the receipt. */
  finish(): void;
  /** A part, for people: "00:10:00-00:20:00". */
  placeOf(lines: readonly SourceLine[]): string;
}

/** `of`: all there is, in the measure of the lines; `place`: a place in it, for people. */
export function createSummaryRecord(
  { of, place }: { readonly of: number; readonly place: (at: number) => string },
  context: SummaryContext,
): SummaryRecord {
  const gaps: Gap[] = [];
  const parts: { from: string; to: string; inputTokens: number | null; outputTokens: number | null }[] = [];
  const stamps = { kept: 0, invented: 0 };
  let failure: StargateError | undefined;
  let missing = 0;
  let rounds = 0;
  const spanOf = (lines: readonly SourceLine[]) => ({ from: lines[0]?.from ?? 0, to: lines.at(-1)?.to ?? 0 });
  const placeOf = (lines: readonly SourceLine[]): string => `${place(spanOf(lines).from)}-${place(spanOf(lines).to)}`;
  return {
    placeOf,
    read(lines, { inputTokens = null, outputTokens = null }) {
      const { from, to } = spanOf(lines);
      parts.push({ from: place(from), to: place(to), inputTokens, outputTokens });
    },
    leaveOut(lines, error) {
      const { from, to } = spanOf(lines);
      failure ??= error;
      missing += to - from;
      gaps.push({ what: placeOf(lines), reason: `${error.code}: ${error.message}` });
      context.issue({ code: error.code, message: error.message, item: placeOf(lines) });
    },
    round: () => void rounds++,
    withKnownStamps(text, lines, item) {
      const { text: checked, kept, invented } = checkStamps(text, new Set(lines.flatMap(({ stamp }) => stamp ?? [])));
      stamps.kept = kept;
      stamps.invented += invented.length;
      if (invented.length === 0) return checked;
      const more = invented.length > NAMED_STAMPS ? " ..." : "";
      context.issue({
        code: "SG_OPENAI_INVENTED_TIME",
        message: `${invented.length} times that are not in what was read were left out: ${invented.slice(0, NAMED_STAMPS).join(" ")}${more}`,
        item,
      });
      return checked;
    },
    firstFailure: () => failure ?? fail("SG_OPENAI_ANSWER", "The model gave no notes of any part"),
    finish() {
      context.disclose({ model: context.options.model, parts, rounds, stamps });
      const done = Math.max(0, of - missing);
      context.coverage({ done, of, ...(gaps.length > 0 && { missing: gaps }) });
    },
  };
}
