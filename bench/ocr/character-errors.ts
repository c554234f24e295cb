/**
 * Character error rate in percent: edits (Levenshtein) that turn what was read into the truth, over the truth's length.
 * Runs of white space count as one space, as line ends are the reader's choice.
 */
export function characterErrorPercent(truth: string, read: string): number {
  const wanted = squeeze(truth);
  return (100 * editDistance(wanted, squeeze(read))) / wanted.length;
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Levenshtein's distance, row by row. */
export function editDistance(from: string, to: string): number {
  let above = Uint32Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = new Uint32Array(to.length + 1);
    current[0] = row;
    const letter = from.charCodeAt(row - 1);
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (letter === to.charCodeAt(column - 1) ? 0 : 1);
      current[column] = Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    above = current;
  }
  return above[to.length] ?? 0;
}

/** Share of the truth's words that are missing in what was read, in percent: for documents too long for an edit distance. */
export function lostWordsPercent(truth: string, read: string): number {
  const counts = new Map<string, number>();
  for (const word of squeeze(read).split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  const wanted = squeeze(truth).split(" ");
  let lost = 0;
  for (const word of wanted) {
    const left = counts.get(word) ?? 0;
    if (left === 0) lost += 1;
    else counts.set(word, left - 1);
  }
  return (100 * lost) / wanted.length;
}
