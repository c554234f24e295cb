import type { MaskPlan } from "./plan-mask.ts";

/** What is known of a pixel. "Unobserved" is not "changed", and not "unchanged" either. */
export const pixelStates = { unobserved: 0, masked: 1, clear: 2 } as const;

/**
 * State of each pixel by the numbers of the mask's band (NaN where there is none), for classes and bits.
 */
export function statesOf(plan: MaskPlan, numbers: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const states = new Uint8Array(numbers.length);
  for (let index = 0; index < states.length; index++) {
    const value = numbers[index] as number; // within bounds
    if (Number.isNaN(value)) continue;
    states[index] = plan.isClear(value) ? pixelStates.clear : pixelStates.masked;
  }
  return states;
}
