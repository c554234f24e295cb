/** What a detector found, one number for each pixel. */
export interface PixelChanges {
  readonly pixels: number;
  /** See `changeStates`. */
  readonly states: Uint8Array;
  /** Day (since 1970-01-01) of the first observation of the change; NaN without one. */
  readonly firstDays: Float64Array;
  /** Day of the observation that confirmed it; NaN while unconfirmed. */
  readonly confirmedDays: Float64Array;
  /** Median of observed minus expected since the change, in the units of the index; NaN without a change. */
  readonly magnitudes: Float32Array;
  /** 0-1: how sure the detector is; grows with every observation that agrees. */
  readonly confidences: Float32Array;
  /** Observations of the monitored time that were clear. */
  readonly clearObservations: Uint16Array;
}

/** What became of a pixel. "unobserved" is not "unchanged": there was too little to say anything. */
export const changeStates = { unobserved: 0, stable: 1, suspected: 2, confirmed: 3 } as const;

/** Changes of pixels of which nothing is known yet: all unobserved. */
export function createPixelChanges(pixels: number): PixelChanges {
  return {
    pixels,
    states: new Uint8Array(pixels).fill(changeStates.unobserved),
    firstDays: new Float64Array(pixels).fill(NaN),
    confirmedDays: new Float64Array(pixels).fill(NaN),
    magnitudes: new Float32Array(pixels).fill(NaN),
    confidences: new Float32Array(pixels),
    clearObservations: new Uint16Array(pixels),
  };
}
