import type { Component } from "./components.ts";

/** Clockwise quarter turn of a page, in degrees. */
export type QuarterTurn = 0 | 90 | 180 | 270;

export interface TextDirection {
  /** Clockwise turn the page seems to have. */
  readonly turnDegrees: QuarterTurn;
  /** Skew on top of it, clockwise positive, within +-`maxSkewDegrees`. */
  readonly skewDegrees: number;
  /** How much better this turn aligns letters than the next best; 1 is a tie. */
  readonly margin: number;
  /** All four turns with the skew each would have, the likeliest first. */
  readonly ranking: readonly { readonly turnDegrees: QuarterTurn; readonly skewDegrees: number }[];
  /** How much better letters are aligned than if they were strewn; about 1 for pictures, above 2 for text. */
  readonly gain: number;
}

export interface TextDirectionOptions {
  /** Median size of the letters in pixels. */
  readonly sizePixels: number;
  readonly maxSkewDegrees?: number;
}

/**
 * Finds how a page is turned and skewed from the edges of its letters.
 *
 * Letters stand on their base line; only a few hang below it, while heights above it differ. So the projection profile
 * of the letters' lower edges is sharpest at the true skew (H. S. Baird, "The skew angle of printed documents", 1987),
 * and sharper than that of the other three edges on an upright page.
 */
export function findTextDirection(
  letters: readonly Component[],
  { sizePixels, maxSkewDegrees = 12 }: TextDirectionOptions,
): TextDirection {
  const edges = turns.map((turnDegrees) =>
    sharpest(fiducials(letters, turnDegrees), sizePixels, maxSkewDegrees, turnDegrees),
  );
  const sorted = [...edges].sort((a, b) => b.sharpness - a.sharpness);
  const [best, second] = sorted;
  if (best === undefined || second === undefined || letters.length === 0)
    return { turnDegrees: 0, skewDegrees: 0, margin: 1, ranking: sorted, gain: 0 };
  return {
    turnDegrees: best.turnDegrees,
    skewDegrees: best.skewDegrees,
    margin: second.sharpness === 0 ? 1 : best.sharpness / second.sharpness,
    ranking: sorted,
    gain: best.gain,
  };
}

const turns: readonly QuarterTurn[] = [0, 90, 180, 270];

/** Points as (along, across) the supposed text line, flat: x0, y0, x1, y1 ... `across` grows from line to line. */
function fiducials(letters: readonly Component[], turn: QuarterTurn): Float64Array {
  const points = new Float64Array(letters.length * 2);
  letters.forEach(({ left, top, right, bottom }, index) => {
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    // The page turned back by `turn`, its lower edge of each letter in the middle.
    const [along, across] =
      turn === 0 ? [x, bottom] : turn === 90 ? [y, -left] : turn === 180 ? [-x, -top] : [-y, right];
    points[index * 2] = along;
    points[index * 2 + 1] = across;
  });
  return points;
}

interface Sharpness {
  readonly turnDegrees: QuarterTurn;
  readonly skewDegrees: number;
  readonly sharpness: number;
  readonly gain: number;
}

function sharpest(
  points: Float64Array,
  sizePixels: number,
  maxSkewDegrees: number,
  turnDegrees: QuarterTurn,
): Sharpness {
  const coarseBin = Math.max(2, sizePixels / 3);
  const fineBin = Math.max(1, sizePixels / 8);
  let best = { degrees: 0, energy: -1 };
  const search = (from: number, to: number, step: number, bin: number): void => {
    best = { degrees: best.degrees, energy: -1 };
    for (let degrees = from; degrees <= to + 1e-9; degrees += step) {
      const energy = profileEnergy(points, degrees, bin);
      // Among equals the smaller angle wins: a page without lines is not turned.
      if (energy > best.energy * 1.000001 || (energy >= best.energy && Math.abs(degrees) < Math.abs(best.degrees)))
        best = { degrees, energy };
    }
  };
  search(-maxSkewDegrees, maxSkewDegrees, 0.25, coarseBin);
  search(best.degrees - 0.3, best.degrees + 0.3, 0.05, fineBin);
  search(best.degrees - 0.05, best.degrees + 0.05, 0.01, fineBin);
  const strewn = strewnEnergy(points, best.degrees, fineBin, sizePixels);
  return {
    turnDegrees,
    skewDegrees: best.degrees,
    sharpness: best.energy,
    gain: strewn === 0 ? 0 : best.energy / strewn,
  };
}

/** Sum of squares of the projection profile, each point shared between its two nearest bins. */
function profileEnergy(points: Float64Array, degrees: number, binPixels: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const cosine = Math.cos((degrees * Math.PI) / 180);
  let low = Infinity;
  let high = -Infinity;
  const positions = new Float64Array(points.length / 2);
  for (let index = 0; index < positions.length; index++) {
    const position = (((points[index * 2 + 1] ?? 0) - (points[index * 2] ?? 0) * slope) * cosine) / binPixels;
    positions[index] = position;
    if (position < low) low = position;
    if (position > high) high = position;
  }
  if (positions.length === 0) return 0;
  const bins = new Float64Array(Math.ceil(high - low) + 2);
  for (const position of positions) {
    const bin = Math.floor(position - low);
    const rest = position - low - bin;
    bins[bin] = (bins[bin] ?? 0) + 1 - rest;
    bins[bin + 1] = (bins[bin + 1] ?? 0) + rest;
  }
  let energy = 0;
  for (const count of bins) energy += count * count;
  return energy / positions.length;
}

/** A single line is compared with letters strewn over this many letter sizes, not over its own height. */
const MIN_STREWN_SIZES = 10;

/** Energy of the same number of points spread evenly over the same height. */
function strewnEnergy(points: Float64Array, degrees: number, binPixels: number, sizePixels: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  let low = Infinity;
  let high = -Infinity;
  for (let index = 0; index < points.length; index += 2) {
    const across = (points[index + 1] ?? 0) - (points[index] ?? 0) * slope;
    low = Math.min(low, across);
    high = Math.max(high, across);
  }
  const count = points.length / 2;
  const bins = Math.max(1, Math.max(high - low, MIN_STREWN_SIZES * sizePixels) / binPixels);
  // Mean square of a Poisson-distributed profile, plus one for the spread.
  return count === 0 ? 0 : (bins * ((count / bins) ** 2 + (count / bins) * (2 / 3))) / count;
}
