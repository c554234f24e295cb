import { isStargateError, type StargateError } from "@stargate/kernel";
import { fail } from "../openai-errors.ts";
import { askChat, type ChatAnswer, type ChatMessage } from "../transforms/ask-chat.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { joinMessages, partMessages, type SourceFacts, wholeMessages } from "./instructions.ts";
import { clipNotes, groupNotes } from "./join-notes.ts";
import { createSummaryRecord, type SummaryContext, type SummaryRecord } from "./record.ts";
import { partsOf, type SourceLine } from "./source-line.ts";

/** What servers count for the frame of a conversation, rather too much. */
const FRAME_TOKENS = 64;
/** A part that the server finds too long is halved so often. */
const MOST_HALVINGS = 4;

/** Failures that concern one part, and that the others may not have. */
const partial = new Set(["SG_OPENAI_REFUSED", "SG_OPENAI_ANSWER", "SG_COMPUTE_HOST_LOST", "SG_COMPUTE_OVERLOADED"]);

export interface SummarySource {
  readonly lines: readonly SourceLine[];
  readonly facts: SourceFacts;
  /** All there is, in the measure of the lines. */
  readonly of: number;
  /** A place in that measure, for people: "00:12:34". */
  readonly place: (at: number) => string;
}

interface Work {
  readonly source: SummarySource;
  readonly context: SummaryContext;
  readonly record: SummaryRecord;
}

type Instructions = typeof wholeMessages;

/**
 * A summary by a chat model. What fits into the model's context is read at once; longer ones in parts, whose notes are put
 * together, in rounds where they are too long themselves. A part that fails is left out, itemised, and missing from the
 * coverage. Throws what the first part failed with when all did, and SG_OPTIONS_INVALID when prompt and answer leave no
 * room to read.
 */
export async function summarise(source: SummarySource, context: SummaryContext): Promise<string> {
  const record = createSummaryRecord(source, context);
  const work: Work = { source, context, record };
  const rooms = [wholeMessages, partMessages, joinMessages].map((messages) => roomOf(work, messages));
  const [wholeRoom = 0, partRoom = 0, joinRoom = 0] = rooms;
  const { lines } = source;
  if (lines.every(({ text }) => text.trim() === "")) {
    record.finish();
    return "";
  }
  const [only, ...more] = partsOf(lines, wholeRoom);
  const notes =
    only !== undefined && more.length === 0
      ? await readPart(work, only, wholeMessages)
      : await readParts(work, partsOf(lines, partRoom));
  const [first] = notes;
  if (first === undefined) throw record.firstFailure();
  const isDone = more.length === 0 && notes.length === 1;
  const summary = isDone ? first : await join(work, notes, joinRoom);
  record.finish();
  return summary;
}

/** Tokens that are left for what is read, beside instructions and answer: at least two answers. */
function roomOf({ source, context }: Work, messages: Instructions): number {
  const { contextTokens, answerTokens } = context.options;
  const [system] = messages("", source.facts, context.options);
  const room = contextTokens - answerTokens - estimateTokens(system?.content ?? "") - FRAME_TOKENS;
  if (room >= 2 * (answerTokens + FRAME_TOKENS)) return room;
  throw fail(
    "SG_OPTIONS_INVALID",
    `A context of ${contextTokens} tokens leaves ${Math.max(0, room)} to read beside the prompt and an answer of ${answerTokens}`,
    { hint: "Raise `contextTokens` to what the model really takes, or lower `answerTokens`." },
  );
}

async function readParts(work: Work, parts: readonly (readonly SourceLine[])[]): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const part of parts) {
    notes.push(...(await readPart(work, part, partMessages)));
    work.context.progress(part.at(-1)?.to ?? 0, work.source.of);
  }
  return notes;
}

/** Notes of a part; of its halves where the server finds it too long; none where it fails. */
async function readPart(
  work: Work,
  lines: readonly SourceLine[],
  messages: Instructions,
  halvings = 0,
): Promise<readonly string[]> {
  const { source, context, record } = work;
  const item = record.placeOf(lines);
  const asked = messages(lines.map(({ text }) => text).join("\n"), source.facts, context.options);
  const answer = await ask(context, asked, item);
  if (!isStargateError(answer)) {
    record.read(lines, answer);
    return [withKnownStamps(work, answer.text, lines, item)];
  }
  if (answer.code !== "SG_OPENAI_REFUSED" || lines.length < 2 || halvings === MOST_HALVINGS) {
    record.leaveOut(lines, answer);
    return [];
  }
  const middle = Math.ceil(lines.length / 2);
  const notes: string[] = [];
  for (const half of [lines.slice(0, middle), lines.slice(middle)])
    notes.push(...(await readPart(work, half, partMessages, halvings + 1)));
  return notes;
}

/** Notes in one, in as many rounds as it takes: each puts at least two together. */
async function join(work: Work, notes: readonly string[], room: number): Promise<string> {
  const { source, context, record } = work;
  const item = "the notes of all parts";
  const joined: string[] = [];
  record.round();
  for (const group of groupNotes(clipNotes(notes, room, context), room)) {
    const answer = await ask(context, joinMessages(group, source.facts, context.options), item);
    if (isStargateError(answer)) {
      context.degrade({ what: "notes of parts, one behind the other", reason: `${answer.code}: ${answer.message}` });
      return notes.join("\n\n");
    }
    joined.push(withKnownStamps(work, answer.text, source.lines, item));
  }
  const [only, ...more] = joined;
  return only !== undefined && more.length === 0 ? only : join(work, joined, room);
}

function withKnownStamps({ source, record }: Work, text: string, lines: readonly SourceLine[], item: string): string {
  return source.facts.hasStamps ? record.withKnownStamps(text, lines, item) : text;
}

/** The model's answer, or why this part has none. Throws what concerns all parts: a cancelled run, a missing key. */
async function ask(
  context: SummaryContext,
  messages: readonly ChatMessage[],
  item: string,
): Promise<ChatAnswer | StargateError> {
  const { model, answerTokens: maxTokens, temperature } = context.options;
  try {
    const answer = await askChat({ model, messages, temperature, maxTokens }, context);
    if (answer.text.trim() === "") return fail("SG_OPENAI_ANSWER", `Model "${model}" gave an empty answer`);
    if (answer.finishReason !== "stop")
      context.degrade({
        what: `incomplete notes of ${item}`,
        reason: `the model stopped because of "${answer.finishReason}"`,
      });
    return { ...answer, text: answer.text.trim() };
  } catch (error) {
    if (isStargateError(error) && partial.has(error.code)) return error;
    throw error;
  }
}
