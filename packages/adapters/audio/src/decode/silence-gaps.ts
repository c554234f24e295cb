/** Places of a recording whose samples are no numbers (NaN, infinity): floats of a broken program or of a damaged disk. */
export interface Gaps {
  readonly samples: number;
  /** First and last of them, counted from the beginning of the recording; the last one not included. */
  readonly from: number;
  readonly to: number;
}

/**
 * Puts silence where samples are no numbers, in place: one of them would turn everything computed from it into none.
 * `offset`: samples before this piece; `gaps`: what was found in them.
 */
export function silenceGaps(samples: Float32Array, offset: number, gaps: Gaps | undefined): Gaps | undefined {
  let found = gaps;
  for (let index = 0; index < samples.length; index++) {
    if (Number.isFinite(samples[index])) continue;
    samples[index] = 0;
    const at = offset + index;
    found = { samples: (found?.samples ?? 0) + 1, from: found?.from ?? at, to: at + 1 };
  }
  return found;
}
