import type { Grid } from "../grid/grid.ts";
import type { DetectorChanges } from "./combine-changes.ts";

/** 2017-07-01. */
export const JULY = 17_348;

/** A grid in degrees whose pixels are 0.0001 degrees wide, near 46 N, 14 E. */
export function degreeGrid(widthPixels: number, heightPixels: number): Grid {
  return { crs: "EPSG:4326", affine: [0.0001, 0, 14.5, 0, -0.0001, 46], widthPixels, heightPixels };
}

const states: Readonly<Record<string, number>> = { "?": 0, ".": 1, s: 2, c: 3 };

/**
 * Changes as drawn: "." stable, "s" suspected, "c" confirmed, "?" unobserved; blanks and line ends mean nothing.
 * `dayOf` gives the day of first change of a pixel, 2017-07-01 when absent; it is confirmed 20 days later.
 */
export function changesOf(
  detector: string,
  picture: string,
  dayOf: (pixel: number) => number = () => JULY,
): DetectorChanges {
  const drawn = picture
    .replaceAll(/\s/g, "")
    .split("")
    .map((character) => states[character] ?? 0);
  return {
    detector,
    changes: {
      pixels: drawn.length,
      states: Uint8Array.from(drawn),
      firstDays: Float64Array.from(drawn, (state, pixel) => (state >= 2 ? dayOf(pixel) : Number.NaN)),
      confirmedDays: Float64Array.from(drawn, (state, pixel) => (state === 3 ? dayOf(pixel) + 20 : Number.NaN)),
      magnitudes: Float32Array.from(drawn, (state) => (state >= 2 ? -0.25 : Number.NaN)),
      confidences: Float32Array.from(drawn, (state) => (state === 3 ? 0.875 : state === 2 ? 0.5 : 0)),
      clearObservations: Uint16Array.from(drawn, (state) => (state === 0 ? 0 : 12)),
    },
  };
}
