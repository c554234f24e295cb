import { estimateTokens, firstTokens } from "./estimate-tokens.ts";
import type { SummaryContext } from "./record.ts";

/** Notes are put one behind the other with an empty line. */
const GAP_TOKENS = 2;

/**
 * Notes that fit together, at least two at a time: a server that ignores `max_tokens` must not keep them from it. What is
 * cut is announced.
 */
export function clipNotes(notes: readonly string[], room: number, context: SummaryContext): readonly string[] {
  const most = Math.floor(room / 2) - GAP_TOKENS;
  const clipped = notes.map((one) => firstTokens(one, most));
  if (clipped.some((one, index) => one !== notes[index]))
    context.degrade({ what: "notes of a part were cut", reason: `they are longer than ${most} tokens` });
  return clipped;
}

/** Notes one behind the other, as many as have room. */
export function groupNotes(notes: readonly string[], room: number): readonly string[] {
  const groups: string[] = [];
  let left = 0;
  for (const one of notes) {
    const tokens = estimateTokens(one) + GAP_TOKENS;
    const last = groups.at(-1);
    if (last === undefined || tokens > left) {
      groups.push(one);
      left = room - tokens;
    } else {
      groups[groups.length - 1] = `${last}\n\n${one}`;
      left -= tokens;
    }
  }
  return groups;
}
