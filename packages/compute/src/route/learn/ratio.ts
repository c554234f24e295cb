/** Observed over declared, of money or energy: 1 until something else is seen. */
export interface Ratio {
  readonly value: number;
  readonly weight: number;
}

export const declaredRatio: Ratio = { value: 1, weight: 1 };

/** Prices and power are steady between changes, so that a few calls say enough and old ones soon count little. */
const LARGEST_WEIGHT = 8;
/** Several times more or less than expected at once is a new price, not noise. */
const JUMP = 1.6;

export function learnRatio(ratio: Ratio, observed: number, declared: number): Ratio {
  if (!(declared > 0) || !(observed >= 0)) return ratio;
  const seen = observed / declared;
  const jumped = seen > ratio.value * JUMP || seen < ratio.value / JUMP;
  const weight = jumped ? Math.min(2, ratio.weight + 1) : Math.min(LARGEST_WEIGHT, ratio.weight + 1);
  return { value: ratio.value + (seen - ratio.value) / weight, weight };
}
