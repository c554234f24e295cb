import type { Box } from "@stargate/kernel";
import { crop } from "../image/gray-image.ts";
import type { OcrEngine, RecogniseRequest, RecognisedLine, RecognisedWord } from "../native/ocr-engine.ts";

/** Gaps this many word heights wide part the columns of a table. */
const COLUMN_GAP_HEIGHTS = 2;
/** A table has at least so many rows, and rows at most this many word heights apart. */
const MIN_ROWS = 3;
const MAX_ROW_GAP_HEIGHTS = 4;
/** A word of the second look counts from this confidence, and replaces one that is less sure by the margin. */
const GOOD_CONFIDENCE = 0.7;
const BETTER_BY = 0.35;
/** Boxes that share more of the smaller one are the same word. */
const SAME_PLACE = 0.3;

type Request = Omit<RecogniseRequest, "layout">;

/**
 * Reads tables a second time, as plain rows. Looking for columns, Tesseract loses columns of single digits: it takes
 * them for specks, or for text that runs down the page ("3 3 3" is read as "WwW"). Read as one block they are found.
 * Words found twice stay as they were first read, unless the second reading is much surer.
 */
export async function lookAgainAtTables(
  engine: OcrEngine,
  request: Request,
  lines: readonly RecognisedLine[],
): Promise<readonly RecognisedLine[]> {
  const height = typicalHeight(lines);
  const bands = tableBands(lines, height);
  let merged = lines;
  for (const [top, bottom] of bands) {
    const from = Math.max(0, Math.floor(top - height));
    const image = crop(request.image, [0, from, request.image.widthPixels, bottom + height]);
    const found = await engine.recognise({ ...request, image, layout: "block" });
    merged = merge(
      merged,
      found.map((line) => moveDown(line, from)),
      height,
    );
  }
  return merged;
}

/** Stretches of the page, [top, bottom], of rows with wide gaps: two or more in a table, one in the sums below it. */
function tableBands(lines: readonly RecognisedLine[], height: number): readonly (readonly [number, number])[] {
  const bands: { top: number; bottom: number; rows: number }[] = [];
  for (const row of visualRows(lines.filter((line) => !runsDown(line, height)).flatMap((line) => line.words))) {
    const top = Math.min(...row.map(({ box }) => box[1]));
    const bottom = Math.max(...row.map(({ box }) => box[3]));
    const gaps = columnGaps(row, height);
    const last = bands.at(-1);
    const continues = last !== undefined && top - last.bottom < MAX_ROW_GAP_HEIGHTS * height;
    if (continues && gaps > 0) {
      last.bottom = Math.max(last.bottom, bottom);
      last.rows += gaps > 1 ? 1 : 0;
    } else if (gaps > 1) bands.push({ top, bottom, rows: 1 });
  }
  return bands.filter((band) => band.rows >= MIN_ROWS).map((band) => [band.top, band.bottom]);
}

function columnGaps(row: readonly RecognisedWord[], height: number): number {
  return row.slice(1).filter((word, at) => word.box[0] - (row[at]?.box[2] ?? 0) > COLUMN_GAP_HEIGHTS * height).length;
}

/** Words side by side, each row from left to right, rows from top to bottom. */
function visualRows(words: readonly RecognisedWord[]): readonly (readonly RecognisedWord[])[] {
  const rows: RecognisedWord[][] = [];
  for (const word of words.toSorted((a, b) => a.box[0] - b.box[0])) {
    const row = rows.find((candidate) => besides(candidate.at(-1)?.box ?? word.box, word.box) > 0.5);
    if (row === undefined) rows.push([word]);
    else row.push(word);
  }
  return rows.toSorted((a, b) => (a[0]?.box[1] ?? 0) - (b[0]?.box[1] ?? 0));
}

function merge(
  first: readonly RecognisedLine[],
  second: readonly RecognisedLine[],
  height: number,
): readonly RecognisedLine[] {
  const candidates = second.flatMap((line) =>
    line.words
      .filter(
        (word) => word.confidence >= GOOD_CONFIDENCE && /[\p{L}\p{N}]/u.test(word.text) && !runsDown(word, height),
      )
      .map((word) => ({ word, line })),
  );
  const dropped = new Set<RecognisedWord>();
  const known = first.flatMap((line) =>
    line.words.map((word) => ({ word, isDown: runsDown(line, height) || runsDown(word, height) })),
  );
  const added = candidates.filter(({ word }) => {
    const sharing = known.filter((other) => overlap(other.word.box, word.box) > SAME_PLACE);
    const isBetter = sharing.every((other) => other.isDown || word.confidence >= other.word.confidence + BETTER_BY);
    if (isBetter) for (const other of sharing) dropped.add(other.word);
    return isBetter;
  });
  const kept = first
    .map((line) => ({ ...line, words: line.words.filter((word) => !dropped.has(word)) }))
    .filter((line) => line.words.length > 0);
  return [...kept, ...added.map(({ word, line }) => ({ box: word.box, words: [word], baseline: line.baseline }))];
}

/** A word or line far higher than wide is a column of characters. */
function runsDown({ box }: { readonly box: Box }, height: number): boolean {
  return box[3] - box[1] > 2 * height && box[3] - box[1] > box[2] - box[0];
}

function typicalHeight(lines: readonly RecognisedLine[]): number {
  const heights = lines.flatMap((line) => line.words.map(({ box }) => box[3] - box[1])).sort((a, b) => a - b);
  return heights[heights.length >> 1] ?? 1;
}

function moveDown(line: RecognisedLine, by: number): RecognisedLine {
  const moved = (box: Box): Box => [box[0], box[1] + by, box[2], box[3] + by];
  return {
    box: moved(line.box),
    words: line.words.map((word) => ({ ...word, box: moved(word.box) })),
    baseline: line.baseline && moved(line.baseline),
  };
}

/** Share of the smaller box that lies in the other. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const smaller = Math.min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]));
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.max(1, smaller);
}

function besides(a: Box, b: Box): number {
  return (Math.min(a[3], b[3]) - Math.max(a[1], b[1])) / Math.max(1, Math.min(a[3] - a[1], b[3] - b[1]));
}
