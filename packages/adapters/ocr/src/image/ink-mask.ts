import type { GrayImage } from "./gray-image.ts";

/** 1 where there is ink, else 0; same layout as the image. */
export interface InkMask {
  readonly data: Uint8Array;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A pixel is ink when it is this much darker than its surroundings. */
const DARKER_THAN_MEAN = 0.82;

/** Absolute difference below which nothing counts as ink: noise of empty paper. */
const MIN_CONTRAST = 14;

/**
 * Finds ink against the local mean (Bradley and Roth 2007), so that shadows and yellowed paper do not matter.
 * `windowPixels` is the side of the surroundings; a few lines of text is right.
 */
export function findInk(image: GrayImage, windowPixels = 48): InkMask {
  const { data, widthPixels: width, heightPixels: height } = image;
  const integral = integrate(image);
  const stride = width + 1;
  const half = Math.max(2, windowPixels >> 1);
  const mask = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - half) * stride;
    const bottom = Math.min(height, y + half + 1) * stride;
    const rows = (bottom - top) / stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - half);
      const right = Math.min(width, x + half + 1);
      const sum =
        (integral[bottom + right] ?? 0) -
        (integral[bottom + left] ?? 0) -
        (integral[top + right] ?? 0) +
        (integral[top + left] ?? 0);
      const mean = sum / (rows * (right - left));
      const value = data[y * width + x] ?? 0;
      if (value < mean * DARKER_THAN_MEAN && mean - value > MIN_CONTRAST) mask[y * width + x] = 1;
    }
  }
  return { data: mask, widthPixels: width, heightPixels: height };
}

/** Share of pixels that are ink, 0-1. */
export function inkShare(mask: InkMask): number {
  let count = 0;
  for (const value of mask.data) count += value;
  return mask.data.length === 0 ? 0 : count / mask.data.length;
}

// Sums over all pixels above and to the left. Doubles: 50 megapixels of 255 do not fit 32 bits.
function integrate({ data, widthPixels: width, heightPixels: height }: GrayImage): Float64Array {
  const stride = width + 1;
  const integral = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] ?? 0;
      integral[(y + 1) * stride + x + 1] = (integral[y * stride + x + 1] ?? 0) + row;
    }
  }
  return integral;
}
