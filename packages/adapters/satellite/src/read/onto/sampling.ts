import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import type { SourcePoints } from "./block-projector.ts";

export const resamplings = ["nearest", "bilinear", "average"] as const;
export type Resampling = (typeof resamplings)[number];

/** Numbers around the points: a window of the source. */
export interface SourceValues {
  readonly values: RasterValues;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** NaN counts as nothing observed, always. */
  readonly nodata: number | undefined;
}

/**
 * Number of the source at each point (in pixels of its window; the first pixel's centre is 0.5), NaN outside and where
 * nothing was observed. "average" takes all pixels under a target pixel of `footprint` source pixels, each by its share.
 */
export function sampleAt(
  source: SourceValues,
  { columns, rows }: SourcePoints,
  resampling: Resampling,
  footprint: readonly [number, number],
): Float64Array {
  const output = new Float64Array(columns.length);
  const sample = resampling === "nearest" ? nearest : resampling === "bilinear" ? bilinear : average;
  for (let index = 0; index < output.length; index++)
    output[index] = sample(source, columns[index] as number, rows[index] as number, footprint); // within bounds
  return output;
}

function valueAt({ values, widthPixels, nodata }: SourceValues, column: number, row: number): number {
  const value = values[row * widthPixels + column] as number; // callers stay within the window
  return value === nodata ? Number.NaN : value;
}

function nearest(source: SourceValues, column: number, row: number): number {
  const x = Math.floor(column);
  const y = Math.floor(row);
  return x >= 0 && y >= 0 && x < source.widthPixels && y < source.heightPixels ? valueAt(source, x, y) : Number.NaN;
}

/** The weights of pixels that were not observed go to the others; the nearest one must have been. */
function bilinear(source: SourceValues, column: number, row: number): number {
  if (Number.isNaN(nearest(source, column, row))) return Number.NaN;
  const left = Math.floor(column - 0.5);
  const top = Math.floor(row - 0.5);
  let sum = 0;
  let weights = 0;
  for (let y = top; y <= top + 1; y++)
    for (let x = left; x <= left + 1; x++) {
      if (x < 0 || y < 0 || x >= source.widthPixels || y >= source.heightPixels) continue;
      const value = valueAt(source, x, y);
      if (Number.isNaN(value)) continue;
      const weight = (1 - Math.abs(column - 0.5 - x)) * (1 - Math.abs(row - 0.5 - y));
      sum += value * weight;
      weights += weight;
    }
  return weights > 0 ? sum / weights : Number.NaN;
}

function average(
  source: SourceValues,
  column: number,
  row: number,
  [width, height]: readonly [number, number],
): number {
  const left = column - width / 2;
  const right = column + width / 2;
  const top = row - height / 2;
  const bottom = row + height / 2;
  let sum = 0;
  let weights = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(source.heightPixels, bottom); y++) {
    const down = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(source.widthPixels, right); x++) {
      const value = valueAt(source, x, y);
      if (Number.isNaN(value)) continue;
      const weight = down * (Math.min(x + 1, right) - Math.max(x, left));
      sum += value * weight;
      weights += weight;
    }
  }
  // Less than half of the area seen is not seen.
  return weights >= (width * height) / 2 - 1e-9 ? sum / weights : Number.NaN;
}
