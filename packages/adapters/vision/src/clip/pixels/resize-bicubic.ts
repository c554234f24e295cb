import { releaseMemory } from "../../decode/release-memory.ts";
import type { RgbImage } from "../../decode/rgb-image.ts";
import { type AxisWeights, bicubicWeights, WEIGHT_BITS } from "./bicubic-weights.ts";
import type { Framing } from "./frame-image.ts";

/** Added before the fractional bits are cut off, so that cutting rounds. */
const HALF = 1 << (WEIGHT_BITS - 1);

/**
 * The kept part of a picture scaled with antialiased bicubic interpolation, bit by bit what PIL 12 makes of it: rows
 * first, then columns, rounded to 8 bits in between (`ImagingResample` in `Resample.c`). Only what is kept is computed.
 */
export function resizeBicubic(image: RgbImage, { resized, kept }: Framing): RgbImage {
  const across = bicubicWeights(image.widthPixels, resized.widthPixels, {
    from: kept.leftPixels,
    count: kept.widthPixels,
  });
  const down = bicubicWeights(image.heightPixels, resized.heightPixels, {
    from: kept.topPixels,
    count: kept.heightPixels,
  });
  const firstRow = down.starts[0] ?? 0;
  const endRow = (down.starts.at(-1) ?? 0) + (down.counts.at(-1) ?? 0);
  const rows = image.data.subarray(firstRow * image.widthPixels * 3, endRow * image.widthPixels * 3);
  const narrow = scaleRows(rows, image.widthPixels, across);
  const data = scaleColumns(narrow, kept.widthPixels, down, firstRow);
  releaseMemory(narrow);
  return { data, widthPixels: kept.widthPixels, heightPixels: kept.heightPixels };
}

function scaleRows(source: Uint8Array, sourceWidth: number, axis: AxisWeights): Uint8Array {
  const height = source.length / (sourceWidth * 3);
  const width = axis.starts.length;
  const target = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let at = (y * sourceWidth + (axis.starts[x] ?? 0)) * 3;
      const firstTap = x * axis.taps;
      const endTap = firstTap + (axis.counts[x] ?? 0);
      for (let tap = firstTap; tap < endTap; tap++, at += 3) {
        const weight = axis.weights[tap] ?? 0;
        red += weight * (source[at] ?? 0);
        green += weight * (source[at + 1] ?? 0);
        blue += weight * (source[at + 2] ?? 0);
      }
      const to = (y * width + x) * 3;
      target[to] = red >> WEIGHT_BITS;
      target[to + 1] = green >> WEIGHT_BITS;
      target[to + 2] = blue >> WEIGHT_BITS;
    }
  }
  return new Uint8Array(target.buffer);
}

function scaleColumns(source: Uint8Array, width: number, axis: AxisWeights, firstRow: number): Uint8Array {
  const height = axis.starts.length;
  const stride = width * 3;
  const target = new Uint8ClampedArray(stride * height);
  const sums = new Float64Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    const start = (axis.starts[y] ?? 0) - firstRow;
    for (let tap = 0; tap < (axis.counts[y] ?? 0); tap++) {
      const weight = axis.weights[y * axis.taps + tap] ?? 0;
      const row = (start + tap) * stride;
      for (let index = 0; index < stride; index++)
        sums[index] = (sums[index] ?? 0) + weight * (source[row + index] ?? 0);
    }
    for (let index = 0; index < stride; index++) target[y * stride + index] = (sums[index] ?? 0) >> WEIGHT_BITS;
  }
  return new Uint8Array(target.buffer);
}
