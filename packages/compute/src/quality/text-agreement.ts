/** Longest text, in characters or words, that is compared: the work grows with the square. */
const MAX_UNITS = 2000;

/**
 * How far a text agrees with its correction, 0-1: one minus the edit distance over the longer length, by characters, or by
 * words where the texts are long. Undefined for texts too long even for that.
 */
export function textAgreement(answer: string, corrected: string): number | undefined {
  const characters = [Array.from(answer), Array.from(corrected)] as const;
  const words = [answer.split(/\s+/), corrected.split(/\s+/)] as const;
  const units = [characters, words].find((both) => both.every(({ length }) => length <= MAX_UNITS));
  if (units === undefined) return undefined;
  const [a, b] = units;
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Levenshtein's distance, with one row of memory. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of a.entries()) {
    let diagonal = row[0] ?? 0;
    row[0] = i + 1;
    for (const [j, right] of b.entries()) {
      const above = row[j + 1] ?? 0;
      row[j + 1] = Math.min(above + 1, (row[j] ?? 0) + 1, diagonal + (left === right ? 0 : 1));
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}
