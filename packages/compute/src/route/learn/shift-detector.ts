/** Two one-sided cumulative sums of standardised surprises. Page, "Continuous inspection schemes", Biometrika 1954. */
export interface ShiftSums {
  readonly up: number;
  readonly down: number;
}

export const noShift: ShiftSums = { up: 0, down: 0 };

/** Surprises smaller than this many deviations are no evidence of a shift. */
const ALLOWANCE = 0.75;
/** With this one a false alarm comes about once in a million calls; a doubling at 25 % noise is seen within four. */
const ALARM = 8;
/** One call, however odd, is no shift. */
const LARGEST_SURPRISE = 4;

/** Adds one surprise. `alarm`: what was known no longer holds; the sums then start again. */
export function addSurprise(sums: ShiftSums, surprise: number): { readonly sums: ShiftSums; readonly alarm: boolean } {
  const bounded = Math.min(LARGEST_SURPRISE, Math.max(-LARGEST_SURPRISE, surprise));
  const up = Math.max(0, sums.up + bounded - ALLOWANCE);
  const down = Math.max(0, sums.down - bounded - ALLOWANCE);
  return up > ALARM || down > ALARM ? { sums: noShift, alarm: true } : { sums: { up, down }, alarm: false };
}
