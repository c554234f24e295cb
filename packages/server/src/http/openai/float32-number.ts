/** Digits that tell every float32 from its neighbours (IEEE 754-2019, 5.12.2). */
const float32Digits = 9;

/** Beyond these, values are rare in a vector of length 1, and are rounded the slow way. */
const [smallest, largest] = [1e-5, 1];

/**
 * A float32 as the number with nine digits, which JSON writes in half the bytes and which is the same float32 when it is
 * read. By arithmetic: `toPrecision` takes fifteen times as long, and an answer has thousands of values.
 */
export function shortestOf(value: number): number {
  const size = Math.abs(value);
  if (!(size >= smallest && size < largest)) return Number(value.toPrecision(float32Digits));
  // Powers of ten up to 1e22 are exact in float64, so the quotient is the nearest number to nine decimal digits.
  const scale = size >= 0.1 ? 1e9 : size >= 0.01 ? 1e10 : size >= 1e-3 ? 1e11 : size >= 1e-4 ? 1e12 : 1e13;
  return Math.round(value * scale) / scale;
}
