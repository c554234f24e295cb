import type { Transcript } from "@stargate/kernel";
import { estimateTokens, firstTokens } from "./estimate-tokens.ts";
import { stampOf } from "./time-stamps.ts";

/** A line of what is summarised, and how much of it that is: from one place to another, in its measure. */
export interface SourceLine {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** "[00:12:34]", where the line begins with one. */
  readonly stamp?: string | undefined;
}

/** A line for each segment: when, who, what. Each reaches to the beginning of the next, so that together they are all. */
export function transcriptLines({ segments, durationSeconds }: Transcript): readonly SourceLine[] {
  const spoken = segments.filter(({ text }) => text.trim() !== "");
  return spoken.map(({ startSeconds, text, speaker }, index) => {
    const stamp = stampOf(startSeconds);
    return {
      text: `${stamp} ${speaker === undefined ? "" : `${speaker}: `}${text.trim().replaceAll(/\s+/g, " ")}`,
      from: index === 0 ? 0 : startSeconds,
      to: spoken[index + 1]?.startSeconds ?? durationSeconds,
      stamp,
    };
  });
}

/** Lines of a text, in characters. */
export function textLines(text: string): readonly SourceLine[] {
  let at = 0;
  return text.split(/(?<=\n)/).map((line) => {
    const from = at;
    at += line.length;
    return { text: line.replace(/\r?\n$/, ""), from, to: at };
  });
}

/** Lines in parts of at most so many tokens; a line that is longer alone is cut, at its share of the measure. */
export function partsOf(lines: readonly SourceLine[], mostTokens: number): readonly (readonly SourceLine[])[] {
  const parts: SourceLine[][] = [];
  let left = 0;
  for (const line of lines.flatMap((one) => cutLine(one, mostTokens))) {
    const tokens = estimateTokens(`${line.text}\n`);
    if (tokens > left || parts.length === 0) {
      parts.push([]);
      left = mostTokens;
    }
    parts.at(-1)?.push(line);
    left -= tokens;
  }
  return parts;
}

function cutLine(line: SourceLine, mostTokens: number): readonly SourceLine[] {
  const pieces: SourceLine[] = [];
  let rest = line;
  while (estimateTokens(`${rest.text}\n`) > mostTokens) {
    const text = firstTokens(rest.text, mostTokens - 1);
    const border = rest.from + ((rest.to - rest.from) * text.length) / rest.text.length;
    pieces.push({ ...rest, text, to: border });
    rest = { ...rest, text: rest.text.slice(text.length), from: border };
  }
  return [...pieces, rest];
}
