/**
 * Distribution function of the standard normal distribution; absolute error below 1e-7.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17.
 */
export function normalCdf(z: number): number {
  const distance = Math.abs(z);
  if (distance > 8) return z > 0 ? 1 : 0;
  const t = 1 / (1 + 0.2316419 * distance);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = normalDensity(distance) * series;
  return z > 0 ? 1 - tail : tail;
}

function normalDensity(z: number): number {
  return 0.3989422804014327 * Math.exp(-0.5 * z * z);
}

/**
 * Mean of the standard normal distribution above `z`: the inverse Mills ratio. Beyond 3 by its continued fraction
 * (Abramowitz and Stegun 26.2.14), as the tail of `normalCdf` is not exact enough to divide by.
 */
export function meanAbove(z: number): number {
  if (z > 3) return z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 5 / z))));
  return normalDensity(z) / (1 - normalCdf(z));
}
