import type { Box } from "@stargate/kernel";
import { overlapArea, areaOf } from "./geometry.ts";
import { type LayoutWord, type Segment, toSegments } from "./segment.ts";

/** A run of text on the upright page, in pixels: a base line from left to right. */
export interface TextRun {
  readonly text: string;
  /** Left end of the base line. */
  readonly x: number;
  readonly y: number;
  readonly widthPixels: number;
  readonly fontSizePixels: number;
  /** Shares of the font size above and below the base line. */
  readonly ascent: number;
  readonly descent: number;
  readonly endsLine: boolean;
}

/** Pieces closer than this many font sizes belong to one word, unless there is a space between them. */
const SAME_WORD_EMS = 0.13;

const rightToLeft = /[\p{scx=Hebrew}\p{scx=Arabic}\p{scx=Syriac}\p{scx=Thaana}]/u;

/** A word or part of one: runs also end where the font changes. */
interface Piece extends LayoutWord {
  readonly spaceBefore: boolean;
  readonly spaceAfter: boolean;
}

/** Segments of a text layer. Every character that is not white space is kept, unless the page shows it twice in one place. */
export function segmentsOfRuns(runs: readonly TextRun[]): readonly Segment[] {
  return toLines(toPieces(runs)).flatMap((line) => toSegments(readingDirection(joinPieces(line))));
}

function toPieces(runs: readonly TextRun[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let afterSpace = true;
  for (const run of runs) {
    const tokens = [...run.text.matchAll(/\S+/g)];
    const isMirrored = rightToLeft.test(run.text);
    const total = widthUnits(run.text);
    for (const token of tokens) {
      const before = total === 0 ? 0 : widthUnits(run.text.slice(0, token.index)) / total;
      const length = total === 0 ? 1 : widthUnits(token[0]) / total;
      const start = run.x + (isMirrored ? 1 - before - length : before) * run.widthPixels;
      const end = start + length * run.widthPixels;
      pieces.push({
        text: token[0],
        box: [start, run.y - run.ascent * run.fontSizePixels, end, run.y + run.descent * run.fontSizePixels],
        baseline: [start, run.y, end, run.y],
        confidence: 1,
        fontSizePixels: run.fontSizePixels,
        spaceBefore: token.index > 0 || afterSpace,
        spaceAfter: token.index + token[0].length < run.text.length || run.endsLine,
      });
    }
    if (run.text !== "" || run.endsLine) afterSpace = run.endsLine || /\s$/.test(run.text);
  }
  return pieces;
}

/** Pieces that share a line, from left to right. */
function toLines(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const lines: { box: Box; pieces: Piece[] }[] = [];
  for (const piece of [...pieces].sort((a, b) => baselineOf(a) - baselineOf(b))) {
    // Lines are met from top to bottom; one further back than a few dozen cannot be the right one.
    const line = lines.slice(-40).findLast((candidate) => sharesLine(candidate.box, piece.box));
    if (line === undefined) lines.push({ box: piece.box, pieces: [piece] });
    else line.pieces.push(piece);
  }
  return lines.map((line) => line.pieces.sort((a, b) => a.box[0] - b.box[0]));
}

/** Whether two boxes overlap in height by more than half of the lower one: a raised number still stands on its line. */
function sharesLine(a: Box, b: Box): boolean {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return shared > 0.5 * Math.min(a[3] - a[1], b[3] - b[1]);
}

function joinPieces(line: readonly Piece[]): readonly LayoutWord[] {
  const words: Piece[] = [];
  for (const piece of line) {
    const last = words.at(-1);
    if (last !== undefined && isDrawnTwice(last, piece)) continue;
    const gap = last === undefined ? Infinity : piece.box[0] - last.box[2];
    const em = Math.max(piece.fontSizePixels, last?.fontSizePixels ?? 0);
    const isSplit =
      last === undefined || last.spaceAfter || piece.spaceBefore || gap > SAME_WORD_EMS * em || gap < -0.5 * em;
    if (isSplit) words.push(piece);
    else words[words.length - 1] = merge(last, piece);
  }
  return words.map(({ text, box, baseline, confidence, fontSizePixels }) => ({
    text,
    box,
    baseline,
    confidence,
    fontSizePixels,
  }));
}

/** Shadows and imitated bold type draw the same text again, a hair aside. */
function isDrawnTwice(a: Piece, b: Piece): boolean {
  return (
    a.text === b.text && overlapArea(a.box, b.box) > 0.8 * Math.min(areaOf(a.box), areaOf(b.box)) && areaOf(a.box) > 0
  );
}

function merge(a: Piece, b: Piece): Piece {
  const [larger] = a.fontSizePixels >= b.fontSizePixels ? [a] : [b];
  const y = baselineOf(larger ?? a);
  const box = [a.box[0], Math.min(a.box[1], b.box[1]), b.box[2], Math.max(a.box[3], b.box[3])] as const;
  const text = rightToLeft.test(a.text) && rightToLeft.test(b.text) ? b.text + a.text : a.text + b.text;
  return {
    ...a,
    text,
    box,
    baseline: [box[0], y, box[2], y],
    fontSizePixels: Math.max(a.fontSizePixels, b.fontSizePixels),
    spaceAfter: b.spaceAfter,
  };
}

/** Lines that are mostly Hebrew or Arabic are read from the right. */
function readingDirection(words: readonly LayoutWord[]): readonly LayoutWord[] {
  const mirrored = words.filter((word) => rightToLeft.test(word.text)).length;
  return mirrored * 2 > words.length ? [...words].reverse() : words;
}

function baselineOf(piece: LayoutWord): number {
  return piece.baseline?.[1] ?? piece.box[3];
}

/** Widths of characters in a proportional Latin typeface, in twelfths of the font size: where words lie inside a run. */
function widthUnits(text: string): number {
  let sum = 0;
  for (const character of text) {
    if (" iljtfI.,;:!'|()[]-".includes(character)) sum += character === " " ? 3.2 : 3.6;
    else if ("mwMW@%".includes(character)) sum += 9.8;
    else if (/[A-Z]/.test(character)) sum += 8;
    else sum += character > "\u2e80" ? 12 : 6.2;
  }
  return sum;
}
