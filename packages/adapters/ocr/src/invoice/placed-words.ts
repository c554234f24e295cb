import type { Box, Evidence, PageTextPage } from "@stargate/kernel";

/** A word and where it stands. Boxes are pixels at `dpi`, origin top-left. */
export interface PlacedWord {
  readonly text: string;
  readonly box: Box;
  readonly confidence: number;
  readonly page: number;
  readonly dpi: number;
}

/** Words on one visual line of a page from left to right, across all columns and blocks. */
export interface Row {
  readonly words: readonly PlacedWord[];
  readonly box: Box;
  readonly page: number;
  /** Height of the page's typical word: the unit of all distances. */
  readonly em: number;
}

/** Rows of a page from top to bottom. Blocks are ignored: a label and its value are often two blocks. */
export function pageRows(page: PageTextPage): readonly Row[] {
  const found = page.blocks
    .flatMap((block) => block.lines.flatMap((line) => line.words))
    .filter((word) => word.text.trim() !== "" && !/^[|_¦—–-]+$/.test(word.text))
    .flatMap((word) =>
      splitAtColon({
        text: word.text.trim(),
        box: word.box,
        confidence: word.confidence,
        page: page.number,
        dpi: page.dpi,
      }),
    );
  const heights = found.map((word) => word.box[3] - word.box[1]).sort((a, b) => a - b);
  const em = 1.3 * (heights[heights.length >> 1] ?? 1); // half of all words have neither ascender nor descender
  // Engines take columns of single digits for text running down the page.
  const words = found.filter(({ box }) => box[3] - box[1] < Math.max(1.8 * em, box[2] - box[0]));
  const rows: PlacedWord[][] = [];
  // From left to right, each word joins the row whose last word it continues best: a slight skew is followed.
  for (const word of words.toSorted((a, b) => a.box[0] - b.box[0])) {
    const best = rows
      .map((row) => ({ row, overlap: verticalOverlap(row.at(-1)?.box ?? word.box, word.box) }))
      .reduce<{ row: PlacedWord[]; overlap: number } | undefined>(
        (top, entry) => (entry.overlap > (top?.overlap ?? 0.5) ? entry : top),
        undefined,
      );
    if (best === undefined) rows.push([word]);
    else best.row.push(word);
  }
  return rows
    .map((row): Row => ({ words: row, box: boundingBox(row), page: page.number, em }))
    .toSorted((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3]);
}

/** Groups of words with less than `gapEms` between them. */
export function splitCells(words: readonly PlacedWord[], em: number, gapEms = 0.9): readonly (readonly PlacedWord[])[] {
  const cells: PlacedWord[][] = [];
  for (const word of words) {
    const last = cells.at(-1)?.at(-1);
    if (last !== undefined && word.box[0] - last.box[2] <= gapEms * em) cells.at(-1)?.push(word);
    else cells.push([word]);
  }
  return cells;
}

/** Text of words joined by spaces, and the words that a stretch of it comes from. */
export function joinWords(words: readonly PlacedWord[]): {
  readonly text: string;
  readonly between: (start: number, end: number) => readonly PlacedWord[];
} {
  const starts: number[] = [];
  let text = "";
  for (const word of words) {
    if (text !== "") text += " ";
    starts.push(text.length);
    text += word.text;
  }
  return {
    text,
    between: (start, end) =>
      words.filter((word, at) => (starts[at] ?? 0) < end && (starts[at] ?? 0) + word.text.length > start),
  };
}

export function boundingBox(words: readonly { readonly box: Box }[]): Box {
  return [
    Math.min(...words.map(({ box }) => box[0])),
    Math.min(...words.map(({ box }) => box[1])),
    Math.max(...words.map(({ box }) => box[2])),
    Math.max(...words.map(({ box }) => box[3])),
  ];
}

/** Evidence of a field: one entry per run of words on one row. */
export function evidenceOf(words: readonly PlacedWord[]): readonly Evidence[] {
  const [first] = words;
  if (first === undefined) return [];
  return [
    { page: first.page, box: boundingBox(words), dpi: first.dpi, text: words.map((word) => word.text).join(" ") },
  ];
}

/** Share of the lower of two boxes that lies beside the other, 0-1. */
function verticalOverlap(a: Box, b: Box): number {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return shared / Math.max(1e-6, Math.min(a[3] - a[1], b[3] - b[1]));
}

/** "Date:12.11.2026" is a label and a value; its box is divided by characters. */
function splitAtColon(word: PlacedWord): readonly PlacedWord[] {
  const match = /^(\p{L}[\p{L}.\-/]{2,}:)(?=[^\s/])(.+)$/u.exec(word.text);
  if (match === null || /^https?:|^mailto:/i.test(word.text)) return [word];
  const [, label = "", value = ""] = match;
  const [left, top, right, bottom] = word.box;
  const middle = left + ((right - left) * label.length) / word.text.length;
  return [
    { ...word, text: label, box: [left, top, middle, bottom] },
    { ...word, text: value, box: [middle, top, right, bottom] },
  ];
}
