import { weightedMedian } from "./geometry.ts";
import { lengthOf, type Segment } from "./segment.ts";

/** Width of the emptiness between two columns, in font sizes. */
const MIN_GUTTER_EMS = 0.9;

/** Lines of running text have at least this many characters; cells of tables mostly fewer. */
const PROSE_CHARACTERS = 14;

/** Base lines this close, in font sizes, are the same row. */
const SAME_ROW_EMS = 0.3;

/**
 * Puts segments into reading order and keeps columns apart: groups of segments, each a stretch of a page that is read
 * from top to bottom.
 *
 * Looks for the longest vertical gutter that separates two columns, reads what is above it, its left side, its right
 * side, what is below it, and treats each of the four in the same way. An emptiness between cells of a table is no
 * gutter: its two sides share their base lines and are narrow.
 */
export function splitColumns(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  if (segments.length === 0) return [];
  const gutter = findGutter(segments);
  if (gutter === undefined) return [segments];
  const parts: Record<Part, Segment[]> = { above: [], left: [], right: [], below: [] };
  for (const segment of segments) parts[partOf(segment, gutter)].push(segment);
  return [
    ...splitColumns(parts.above),
    ...splitColumns(parts.left),
    ...splitColumns(parts.right),
    ...splitColumns(parts.below),
  ];
}

type Part = "above" | "left" | "right" | "below";

interface Gutter {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

function partOf({ box }: Segment, gutter: Gutter): Part {
  const middle = (box[1] + box[3]) / 2;
  if (middle < gutter.top) return "above";
  if (middle > gutter.bottom) return "below";
  return (box[0] + box[2]) / 2 < gutter.x ? "left" : "right";
}

function findGutter(segments: readonly Segment[]): Gutter | undefined {
  const em = weightedMedian(segments.map((segment) => [segment.fontSizePixels, lengthOf(segment)] as const));
  const width = MIN_GUTTER_EMS * em;
  const tolerance = 0.1 * em;
  const byHeight = [...segments].sort((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3]);
  const edges = new Set(segments.map((segment) => Math.ceil((segment.box[2] / em) * 4) * (em / 4)));
  let best: { gutter: Gutter; length: number } | undefined;
  for (const x of edges) {
    for (const strip of stripsAt(byHeight, x, width, tolerance)) {
      const gutter = checkStrip(strip, em, x + width / 2);
      if (gutter !== undefined && gutter.length > (best?.length ?? 0))
        best = { gutter: gutter.gutter, length: gutter.length };
    }
  }
  return best?.gutter;
}

interface Strip {
  readonly left: readonly Segment[];
  readonly right: readonly Segment[];
  /** The segment across the band that ends the strip. */
  readonly endedBy?: Segment | undefined;
}

/** Stretches of the page where nothing crosses a vertical band that begins at `x`. */
function stripsAt(byHeight: readonly Segment[], x: number, width: number, tolerance: number): readonly Strip[] {
  const strips: Strip[] = [];
  let strip: { left: Segment[]; right: Segment[] } = { left: [], right: [] };
  for (const segment of byHeight) {
    if (segment.box[2] <= x + tolerance) strip.left.push(segment);
    else if (segment.box[0] >= x + width - tolerance) strip.right.push(segment);
    else {
      strips.push({ ...strip, endedBy: segment });
      strip = { left: [], right: [] };
    }
  }
  strips.push(strip);
  return strips.filter(({ left, right }) => left.length >= 2 && right.length >= 2);
}

function checkStrip(
  { left: allLeft, right: allRight, endedBy }: Strip,
  em: number,
  x: number,
): { gutter: Gutter; length: number } | undefined {
  const left = nearestInRow(allLeft, "left");
  const right = nearestInRow(withoutHeader(nearestInRow(allRight, "right"), left, em), "right");
  const [firstLeft, firstRight] = [left[0], right[0]];
  if (left.length < 2 || right.length < 2 || firstLeft === undefined || firstRight === undefined) return undefined;
  const top = Math.max(firstLeft.box[1], Math.min(firstRight.box[1], firstLeft.box[1]));
  const bottomOf = (side: readonly Segment[]): number => Math.max(...side.map((segment) => segment.box[3]));
  const length = Math.min(bottomOf(left), bottomOf(right)) - Math.max(firstLeft.box[1], firstRight.box[1]);
  if (length < 1.5 * em || !areColumns(left, right, em)) return undefined;
  // Left lines above the right column are read first anyway; right ones must wait for the left column.
  const start = Math.min(firstRight.box[1], Math.max(top, firstLeft.box[1]));
  const bottom = Math.max(
    ...withoutNextHeading(allLeft, bottomOf(right), endedBy).map((segment) => segment.box[3]),
    bottomOf(allRight),
  );
  return { gutter: { x, top: start - 0.2 * em, bottom }, length };
}

/** Of each row on one side only the segment next to the gutter counts. */
function nearestInRow(side: readonly Segment[], which: "left" | "right"): readonly Segment[] {
  return side.filter(
    (segment) =>
      !side.some((other) => {
        if (other === segment || !inSameRow(other, segment)) return false;
        return which === "left" ? other.box[0] >= segment.box[2] : other.box[2] <= segment.box[0];
      }),
  );
}

/** A page header on the right that stands clear of the right column is not part of it. */
function withoutHeader(right: readonly Segment[], left: readonly Segment[], em: number): readonly Segment[] {
  const leftTop = left[0]?.box[1] ?? 0;
  const start = right.findIndex((segment) => segment.box[3] > leftTop);
  const [last, next] = [right[start - 1], right[start]];
  return last !== undefined && next !== undefined && next.box[1] - last.box[3] > em ? right.slice(start) : right;
}

/** Lines on the left below both columns, nearer to the text across that follows than to the column, are its heading. */
function withoutNextHeading(
  left: readonly Segment[],
  rightBottom: number,
  next: Segment | undefined,
): readonly Segment[] {
  if (next === undefined) return left;
  const tail = left.findIndex((segment, index) => {
    const before = left[index - 1];
    const last = left.at(-1);
    if (before === undefined || last === undefined || left.length - index > 2) return false;
    const gapAbove = segment.box[1] - before.box[3];
    return (
      segment.box[1] > rightBottom - 0.3 * segment.fontSizePixels &&
      gapAbove > 1.2 * Math.max(1, next.box[1] - last.box[3])
    );
  });
  return tail === -1 ? left : left.slice(0, tail);
}

function areColumns(left: readonly Segment[], right: readonly Segment[], em: number): boolean {
  const fewer = left.length < right.length ? left : right;
  const other = fewer === left ? right : left;
  const aligned = fewer.filter((segment) =>
    other.some((candidate) => Math.abs(candidate.baselineY - segment.baselineY) < SAME_ROW_EMS * em),
  ).length;
  if (aligned < fewer.length * 0.5) return true;
  return isProse(left) && isProse(right);
}

function isProse(side: readonly Segment[]): boolean {
  const lengths = side.map((segment) => [lengthOf(segment), 1] as const);
  return side.length >= 3 && weightedMedian(lengths) >= PROSE_CHARACTERS;
}

export function inSameRow(a: Segment, b: Segment): boolean {
  return Math.abs(a.baselineY - b.baselineY) < SAME_ROW_EMS * Math.min(a.fontSizePixels, b.fontSizePixels) + 0.5;
}
