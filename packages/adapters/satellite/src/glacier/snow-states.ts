import { spectralIndex } from "../indices/index-catalogue.ts";

/** What one picture says about a pixel. "unobserved" is not "snow-free": a cloud melts nothing. */
export const snowStates = { unobserved: 0, snowFree: 1, snow: 2 } as const;

/** Dozier 1989 (doi:10.1016/0034-4257(89)90101-6) for the index, Hall et al. 1995 for near infrared, which leaves water out. */
const defaultThresholds = { ndsiAbove: 0.4, nirAbove: 0.11 } as const;

export interface SnowBands {
  /** Reflectance, all of one length. */
  readonly green: Float32Array<ArrayBuffer>;
  readonly swir16: Float32Array<ArrayBuffer>;
  readonly nir: Float32Array<ArrayBuffer>;
}

/**
 * Snow and bare ice by NDSI, without water. `clear` is not 0 where there was neither cloud nor shadow nor a missing number: a
 * mask for this must not take snow for a cloud. Ice under debris looks like rock and is not found.
 */
export function snowStatesOf(
  { green, swir16, nir }: SnowBands,
  clear: Uint8Array,
  { ndsiAbove, nirAbove }: { readonly ndsiAbove: number; readonly nirAbove: number } = defaultThresholds,
): Uint8Array<ArrayBuffer> {
  const ndsi = spectralIndex("ndsi").evaluate({ green, swir16 });
  const states = new Uint8Array(ndsi.length);
  for (let pixel = 0; pixel < states.length; pixel++) {
    const [index = Number.NaN, infrared = Number.NaN] = [ndsi[pixel], nir[pixel]];
    if (clear[pixel] === 0 || Number.isNaN(index) || Number.isNaN(infrared)) continue;
    states[pixel] = index > ndsiAbove && infrared > nirAbove ? snowStates.snow : snowStates.snowFree;
  }
  return states;
}
