/** Character error rate 0-1: edit distance over length of the truth, white space collapsed. */
export function characterErrorRate(truth: string, read: string): number {
  const a = collapse(truth);
  const b = collapse(read);
  return a.length === 0 ? Number(b.length > 0) : editDistance(a, b) / a.length;
}

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Levenshtein distance in one row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
