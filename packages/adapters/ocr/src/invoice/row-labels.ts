import { type LabelMeaning, labelMatcher } from "./labels.ts";
import { boundingBox, type PlacedWord, type Row } from "./placed-words.ts";
import type { PhraseHit } from "./phrase-match.ts";

/** A label in a row, and the words between it and the next label. */
export interface LabelInRow {
  readonly meaning: LabelMeaning;
  readonly row: Row;
  readonly words: readonly PlacedWord[];
  readonly following: readonly PlacedWord[];
  readonly closeness: number;
}

/** Labels of a row with what follows each. "Invoice" before "date" is part of the label, not a title. */
export function labelsOfRow(row: Row): readonly LabelInRow[] {
  const hits = labelMatcher.find(row.words);
  return hits.map((hit, at): LabelInRow => {
    const nextStart = hits.slice(at + 1).find((next) => isBarrier(next, row))?.start ?? row.words.length;
    return {
      meaning: hit.meaning,
      row,
      words: row.words.slice(hit.start, hit.end),
      following: row.words.slice(hit.end, nextStart),
      closeness: hit.closeness,
    };
  });
}

/** In "Total VAT 20%" or "Total due: 3 invoice(s)" the second label belongs to the first unless a column gap parts them. */
function isBarrier(hit: PhraseHit<LabelMeaning>, row: Row): boolean {
  if (hit.meaning !== "title" && hit.meaning !== "anyDate") return true;
  const before = row.words[hit.start - 1];
  const first = row.words[hit.start];
  return before === undefined || first === undefined || first.box[0] - before.box[2] > row.em;
}

/** Words in the next rows under a label, nearest row first: each entry is one row's words that share x with the label. */
export function wordsBelow(
  label: LabelInRow,
  rows: readonly Row[],
  maxRows = 3,
  maxEms = 3.2,
): readonly (readonly PlacedWord[])[] {
  const [left, , right, bottom] = boundingBox(label.words);
  const { em } = label.row;
  return rows
    .filter(
      (row) =>
        row.page === label.row.page &&
        row !== label.row &&
        row.box[3] > bottom &&
        (row.box[1] + row.box[3]) / 2 > bottom,
    )
    .map((row) => row.words.filter((word) => word.box[1] < bottom + maxEms * em))
    .map((words) => cellsNear(words, left - 0.5 * em, right + 0.5 * em, em))
    .filter((words) => words.length > 0)
    .slice(0, maxRows);
}

/** The cells of a row that overlap a stretch of x, whole. */
function cellsNear(words: readonly PlacedWord[], left: number, right: number, em: number): readonly PlacedWord[] {
  const cells: PlacedWord[][] = [];
  for (const word of words) {
    const last = cells.at(-1)?.at(-1);
    if (last !== undefined && word.box[0] - last.box[2] <= 1.2 * em) cells.at(-1)?.push(word);
    else cells.push([word]);
  }
  return cells.filter((cell) => (cell[0]?.box[0] ?? 0) < right && (cell.at(-1)?.box[2] ?? 0) > left).flat();
}
