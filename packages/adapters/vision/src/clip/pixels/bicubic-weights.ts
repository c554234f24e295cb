/** Fractional bits of the weights: 32 bits less 8 of a pixel and 2 for overshoot, as PIL has them. */
export const WEIGHT_BITS = 22;

/** Keys' cubic convolution (doi:10.1109/TASSP.1981.1163711) reaches two pixels far; PIL takes a = -0.5. */
const SUPPORT_PIXELS = 2;
const A = -0.5;

/** Which pixels of a row make each pixel of a scaled row, and with which weights. */
export interface AxisWeights {
  /** First source pixel, by target pixel. */
  readonly starts: Int32Array;
  /** Number of source pixels, by target pixel. */
  readonly counts: Int32Array;
  /** Fixed-point weights with `WEIGHT_BITS` fractional bits, `taps` per target pixel. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/**
 * Weights of an antialiased bicubic scaling of one axis, for target pixels `from` to `from + count` of `targetPixels`.
 * The arithmetic is that of PIL 12 (`precompute_coeffs` and `normalize_coeffs_8bpc` in `Resample.c`): float64 weights
 * that sum to one, rounded to fixed point one by one.
 */
export function bicubicWeights(
  sourcePixels: number,
  targetPixels: number,
  { from, count }: { readonly from: number; readonly count: number },
): AxisWeights {
  const scale = sourcePixels / targetPixels;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT_PIXELS * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const axis = {
    starts: new Int32Array(count),
    counts: new Int32Array(count),
    weights: new Int32Array(count * taps),
    taps,
  };
  for (let index = 0; index < count; index++) {
    const centre = (from + index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourcePixels, Math.trunc(centre + support + 0.5));
    const weights = Float64Array.from({ length: end - start }, (_, tap) =>
      cubic((tap + start - centre + 0.5) / stretch),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    axis.starts[index] = start;
    axis.counts[index] = end - start;
    axis.weights.set(
      weights.map((weight) => toFixedPoint(weight / sum)),
      index * taps,
    );
  }
  return axis;
}

function cubic(offset: number): number {
  const x = Math.abs(offset);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}

function toFixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5));
}
