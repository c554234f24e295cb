import type { Vocabulary } from "./vocabulary.ts";

/** Words, numbers and marks with the space before them, and white space: the pattern of GPT-2 (`encoder.py`). */
const WORDS =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Numbers of a text's pieces. What looks like a special piece is text. */
export function encodeText(text: string, vocabulary: Vocabulary): number[] {
  return Array.from(text.matchAll(WORDS), ([word]) =>
    encodeWord(Buffer.from(word).toString("latin1"), vocabulary),
  ).flat();
}

/** Joins neighbours, those of the lowest rank first, until no pair has one (Sennrich et al. 2016, "Neural Machine ..."). */
function encodeWord(bytes: string, vocabulary: Vocabulary): number[] {
  const whole = vocabulary.rankOf(bytes);
  if (whole !== undefined) return [whole];
  const parts = Array.from(bytes);
  for (;;) {
    let [lowest, place] = [Infinity, -1];
    for (let index = 0; index + 1 < parts.length; index++) {
      const rank = vocabulary.rankOf((parts[index] ?? "") + (parts[index + 1] ?? "")) ?? Infinity;
      if (rank < lowest) [lowest, place] = [rank, index];
    }
    if (place < 0) return parts.map((part) => vocabulary.rankOf(part) ?? 0);
    parts.splice(place, 2, (parts[place] ?? "") + (parts[place + 1] ?? ""));
  }
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text of pieces. Bytes that are no UTF-8, as of a character cut in two, become U+FFFD. */
export function decodeText(ids: readonly number[], vocabulary: Vocabulary): string {
  return utf8.decode(Buffer.from(ids.map((id) => vocabulary.bytesOf(id)).join(""), "latin1"));
}
