/** Joules of a kilowatt-hour. */
const JOULES_PER_KWH = 3_600_000;

/** Carbon dioxide, or its equivalent, of some energy: in the grams that `gramsPerKwh` counts. */
export function carbonGrams(joules: number, gramsPerKwh: number): number {
  return (joules / JOULES_PER_KWH) * gramsPerKwh;
}
