import type { PageTextBlock, PageTextLine, PageTextWord } from "@stargate/kernel";
import { roundTenth, unionOf, weightedMedian } from "./geometry.ts";
import { inSameRow } from "./columns.ts";
import { lengthOf, type LayoutWord, makeSegment, type Segment } from "./segment.ts";

/** A heading's font is at least this much larger than that of the page's running text. */
const HEADING_RATIO = 1.18;

/** From this ratio on a heading may also end like a sentence. */
const LARGE_HEADING_RATIO = 1.5;

/** Headings are short. */
const MAX_HEADING_LINES = 3;
const MAX_HEADING_CHARACTERS = 120;

/** Lines further apart than this many usual line distances begin a new block. */
const PARAGRAPH_DISTANCE = 1.4;

const bullet = /^[•◦▪‣·●○■*–-]$/u;
const ordinal = /^\(?(\d{1,3}|[a-z])[.)]$/;

/** A row of a column: one segment of running text, or several cells. */
interface Row {
  readonly segment: Segment;
  readonly cells: readonly Segment[];
}

/** Groups the segments of a column into lines and blocks. `bodySizePixels` is the font size of the page's running text. */
export function toBlocks(segments: readonly Segment[], bodySizePixels: number): readonly PageTextBlock[] {
  const rows = toRows(segments);
  const usualDistance = weightedMedian(
    rows.flatMap((row, index) => {
      const next = rows[index + 1];
      const distance = next === undefined ? 0 : next.segment.baselineY - row.segment.baselineY;
      return distance > 0 ? [[distance / row.segment.fontSizePixels, 1] as const] : [];
    }),
  );
  const left = Math.min(...rows.map((row) => row.segment.box[0]));
  const groups: Row[][] = [];
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const group = groups.at(-1);
    if (group === undefined || before === undefined || startsBlock(row, before, group, { usualDistance, left }))
      groups.push([row]);
    else group.push(row);
  });
  return groups.map((group) => makeBlock(group, bodySizePixels));
}

/** Segments on one base line, left to right, rows from top to bottom. */
function toRows(segments: readonly Segment[]): readonly Row[] {
  const rows: Segment[][] = [];
  for (const segment of [...segments].sort((a, b) => a.baselineY - b.baselineY)) {
    const row = rows
      .slice(-3)
      .find((cells) => cells.every((cell) => inSameRow(cell, segment) && !overlapsSideways(cell, segment)));
    if (row === undefined) rows.push([segment]);
    else row.push(segment);
  }
  return rows.map((row) => {
    const cells = row.sort((a, b) => a.box[0] - b.box[0]);
    return { segment: makeSegment(cells.flatMap((cell) => cell.words)), cells };
  });
}

function overlapsSideways(a: Segment, b: Segment): boolean {
  return (
    Math.min(a.box[2], b.box[2]) - Math.max(a.box[0], b.box[0]) > 0.5 * Math.min(a.fontSizePixels, b.fontSizePixels)
  );
}

function startsBlock(
  row: Row,
  before: Row,
  group: readonly Row[],
  column: { readonly usualDistance: number; readonly left: number },
): boolean {
  const { segment } = row;
  const em = Math.max(segment.fontSizePixels, before.segment.fontSizePixels);
  const distance = segment.baselineY - before.segment.baselineY;
  const sizeRatio = segment.fontSizePixels / before.segment.fontSizePixels;
  if (sizeRatio > 1.2 || sizeRatio < 1 / 1.2) return true;
  if (distance > Math.max(column.usualDistance, 1) * em * PARAGRAPH_DISTANCE) return true;
  if (isItem(row) !== isItem(group[0] ?? row)) {
    // Below an item, indented lines continue it; anything else ends or begins a list.
    return isItem(row) || segment.box[0] < (textLeftOfItem(group[0] ?? row) ?? 0) - 0.5 * em;
  }
  if (isItem(row) || row.cells.length > 1 || before.cells.length > 1) return false;
  const isIndented =
    segment.box[0] - before.segment.box[0] > 0.8 * em && segment.box[0] - before.segment.box[0] < 4 * em;
  const beforeIsFlush = before.segment.box[0] - column.left < 0.5 * em;
  return isIndented && beforeIsFlush && segment.box[0] - column.left < 4 * em && !isItem(group[0] ?? row);
}

function isItem(row: Row): boolean {
  const [first, second] = row.segment.words;
  return first !== undefined && second !== undefined && (bullet.test(first.text) || ordinal.test(first.text));
}

function textLeftOfItem(row: Row): number | undefined {
  return row.segment.words[1]?.box[0];
}

function makeBlock(rows: readonly Row[], bodySizePixels: number): PageTextBlock {
  const lines = rows.map(makeLine);
  return { kind: kindOf(rows, bodySizePixels), box: unionOf(lines.map((line) => line.box)), lines };
}

function kindOf(rows: readonly Row[], bodySizePixels: number): PageTextBlock["kind"] {
  const [first] = rows;
  if (first === undefined) return "other";
  if (isItem(first)) return "list";
  if (isTable(rows)) return "table";
  return isHeading(rows, bodySizePixels) ? "heading" : "text";
}

function isHeading(rows: readonly Row[], bodySizePixels: number): boolean {
  const characters = rows.reduce((sum, row) => sum + lengthOf(row.segment), 0);
  const ratio = Math.min(...rows.map((row) => row.segment.fontSizePixels)) / bodySizePixels;
  const endsSentence = /[.,;:]$/.test(rows.at(-1)?.segment.words.at(-1)?.text ?? "");
  const isShort =
    rows.length <= MAX_HEADING_LINES &&
    characters <= MAX_HEADING_CHARACTERS &&
    rows.every((row) => row.cells.length === 1);
  return isShort && ratio >= (endsSentence ? LARGE_HEADING_RATIO : HEADING_RATIO);
}

/** At least three rows, nearly all with several cells that stand in common columns. */
function isTable(rows: readonly Row[]): boolean {
  const full = rows.filter((row) => row.cells.length >= 2);
  return full.length >= 3 && full.length >= rows.length * 0.7;
}

function makeLine(row: Row): PageTextLine {
  // The ends of a line hold its base line; the words between would only take memory on long documents.
  const last = row.segment.words.length - 1;
  const words = row.segment.words.map((word, index) =>
    makeWord(index === 0 || index === last ? word : { ...word, baseline: undefined }),
  );
  return { box: unionOf(words.map((word) => word.box)), words, fontSizePixels: roundTenth(row.segment.fontSizePixels) };
}

function makeWord({ text, box, confidence, baseline }: LayoutWord): PageTextWord {
  const rounded = [roundTenth(box[0]), roundTenth(box[1]), roundTenth(box[2]), roundTenth(box[3])] as const;
  const word = { text, box: rounded, confidence: Math.round(confidence * 10_000) / 10_000 };
  if (baseline === undefined) return word;
  return {
    ...word,
    baseline: [roundTenth(baseline[0]), roundTenth(baseline[1]), roundTenth(baseline[2]), roundTenth(baseline[3])],
  };
}
