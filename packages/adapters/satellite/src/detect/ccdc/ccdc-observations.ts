/** Bands of CCDC in this order; change is looked for in green to SWIR2. */
export const ccdcBands = ["blue", "green", "red", "nir", "swir1", "swir2", "thermal"] as const;

/** Places of bands in `ccdcBands`. */
export const GREEN = 1;
export const SWIR1 = 4;
export const THERMAL = 6;
export const DETECTION_BANDS = [1, 2, 3, 4, 5] as const;

/** What the quality band says of an observation. */
export const ccdcQuality = { clear: 0, water: 1, shadow: 2, snow: 3, cloud: 4, fill: 255 } as const;

/** All observations of one pixel, of any quality and in any order. */
export interface CcdcObservations {
  /** Days since 1970-01-01 (UTC). */
  readonly days: Float64Array;
  /** `bands[band][date]`, in the order of `ccdcBands`: reflectance x 10,000, thermal in kelvin x 10. */
  readonly bands: readonly Float64Array[];
  /** Values of `ccdcQuality`. */
  readonly quality: Uint8Array;
}

/**
 * Quality from the bits of Landsat ARD (Collection 1 `PIXELQA`: fill 0, clear 1, water 2, shadow 3, snow 4, cloud 5).
 * The bits of Collection 2 mean other things: they must not be given here. What comes first in the list below wins.
 */
export function qualityOfArdBits(bits: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(bits, (value) => {
    if ((value & 1) !== 0) return ccdcQuality.fill;
    if ((value & 32) !== 0) return ccdcQuality.cloud;
    if ((value & 8) !== 0) return ccdcQuality.shadow;
    if ((value & 16) !== 0) return ccdcQuality.snow;
    if ((value & 4) !== 0) return ccdcQuality.water;
    // Neither clear nor anything else (occlusion, cirrus alone): not to be used.
    return (value & 2) === 0 ? ccdcQuality.cloud : ccdcQuality.clear;
  });
}
