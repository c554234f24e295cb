import type { PageTextLine, PageTextPage, PageTextWord } from "@stargate/kernel";
import type { GlyphCodes } from "./glyph-codes.ts";
import { glyphMetrics } from "./glyphless-font.ts";
import { lineBaseline, wordBaseline } from "./line-baseline.ts";
import type { PixelToPage } from "./page-placement.ts";

const rightToLeft = /[\p{scx=Hebrew}\p{scx=Arabic}\p{scx=Syriac}\p{scx=Thaana}]/u;
/** Readers put a space where none is written only if the gap is wide enough: this one is always written. */
const MIN_SPACE_EMS = 0.05;
/** Wider gaps are columns, which readers see by themselves. */
const MAX_SPACE_EMS = 1.5;

/** A place of text on a PDF page: where its baseline begins, its direction, its length in points. */
interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly cosine: number;
  readonly sine: number;
  readonly lengthPoints: number;
  readonly fontSizePoints: number;
}

/**
 * Content stream operators that write the words of a page invisibly (text render mode 3), each word stretched to the
 * width of its box. Undefined when the page has nothing to write.
 */
export function textLayer(
  page: PageTextPage,
  place: PixelToPage,
  codes: GlyphCodes,
): ((fontName: string) => string) | undefined {
  const runs = page.blocks.flatMap((block) => block.lines).flatMap((line) => lineRuns(line, page, place));
  if (runs.length === 0) return undefined;
  const operators = runs.map((run) => runOperators(run, codes));
  return (fontName) => ["q", "BT", "3 Tr", ...operators.map((write) => write(fontName)), "ET", "Q", ""].join("\n");
}

/** Whether the word is not in the document's own text yet. On a mixed page those of the text layer have confidence 1. */
function isMissing(word: PageTextWord, page: PageTextPage): boolean {
  if (word.text.trim() === "" || word.box[2] <= word.box[0]) return false;
  return page.origin === "ocr" || (page.origin === "mixed" && word.confidence < 1);
}

function lineRuns(line: PageTextLine, page: PageTextPage, place: PixelToPage): readonly Run[] {
  const baseline = lineBaseline(line);
  const em = fontPixels(line);
  const fontSizePoints = (em * 72) / page.dpi;
  const words = line.words.filter((word) => isMissing(word, page));
  return words.flatMap((word, at) => {
    const [left, , right] = word.box;
    const onWord = wordBaseline(word, baseline, em);
    const runs = [run(shown(word.text), [left, right], onWord, place, fontSizePoints)];
    const gap = (words[at + 1]?.box[0] ?? Number.POSITIVE_INFINITY) - right;
    if (gap > MAX_SPACE_EMS * em) return runs;
    return [...runs, run(" ", [right, right + Math.max(gap, MIN_SPACE_EMS * em)], onWord, place, fontSizePoints)];
  });
}

function run(
  text: string,
  [left, right]: readonly [number, number],
  baseline: (x: number) => number,
  place: PixelToPage,
  fontSizePoints: number,
): Run {
  const [x, y] = place(left, baseline(left));
  const [endX, endY] = place(right, baseline(right));
  const lengthPoints = Math.hypot(endX - x, endY - y);
  return {
    text,
    x,
    y,
    cosine: (endX - x) / lengthPoints,
    sine: (endY - y) / lengthPoints,
    lengthPoints,
    fontSizePoints,
  };
}

function runOperators(run: Run, codes: GlyphCodes): (fontName: string) => string {
  const encoded = codes.encode(run.text);
  const naturalPoints = (Array.from(run.text).length * run.fontSizePoints * glyphMetrics.widthThousandths) / 1000;
  const matrix = [run.cosine, run.sine, -run.sine, run.cosine].map((value) => decimal(value, 6));
  return (fontName) =>
    [
      `/${fontName} ${decimal(run.fontSizePoints, 3)} Tf`,
      `${decimal((100 * run.lengthPoints) / naturalPoints, 3)} Tz`,
      `${matrix.join(" ")} ${decimal(run.x, 3)} ${decimal(run.y, 3)} Tm`,
      `${encoded} Tj`,
    ].join(" ");
}

/** Size of the font: as measured, or the height of the line's box. */
function fontPixels(line: PageTextLine): number {
  const height = line.fontSizePixels ?? line.box[3] - line.box[1];
  return Math.max(1, height);
}

/** Readers expect what is on the page from left to right and turn right-to-left words around themselves. */
function shown(text: string): string {
  const clean = text.normalize("NFC").trim();
  if (!rightToLeft.test(clean)) return clean;
  return Array.from(new Intl.Segmenter().segment(clean), ({ segment }) => segment)
    .reverse()
    .join("");
}

/** A number as PDF knows it: no exponent. */
function decimal(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)) + 0);
}
