import type { MapLayer } from "./map-layer.ts";

/** Share of values that may be darker than black or brighter than white. */
const CUT = 0.005;
/** Lightens the middle: reflectance of land is dark to the eye. */
const GAMMA = 1 / 1.5;
/** Values of each band looked at for the stretch; a picture's spread is known long before. */
const SAMPLES = 20_000;
/** Least spread of reflectance: a lake alone is not to be stretched into noise. */
const MIN_SPREAD = 0.1;

/** From reflectance of a band to 0-255. */
export type Stretch = (reflectance: number, band: "red" | "green" | "blue") => number;

/**
 * The same stretch for all pictures, so that before can be compared with after. Each band has its own black, which takes off
 * the blue of the haze (dark-object subtraction, Chavez 1988); white lies equally far above it, so that colours stay.
 */
export function trueColourStretch(layers: readonly Extract<MapLayer, { kind: "true-colour" }>[]): Stretch {
  const red = spreadOf(layers.map((layer) => layer.red));
  const green = spreadOf(layers.map((layer) => layer.green));
  const blue = spreadOf(layers.map((layer) => layer.blue));
  const black = { red: red.dark, green: green.dark, blue: blue.dark };
  const spread = Math.max(MIN_SPREAD, ...[red, green, blue].map(({ dark, bright }) => bright - dark));
  return (reflectance, band) =>
    Math.round(255 * Math.min(1, Math.max(0, (reflectance - black[band]) / spread)) ** GAMMA);
}

function spreadOf(bands: readonly Float32Array[]): { readonly dark: number; readonly bright: number } {
  const samples: number[] = [];
  for (const band of bands) {
    const step = Math.max(1, Math.floor((band.length * bands.length) / SAMPLES));
    for (let pixel = 0; pixel < band.length; pixel += step) {
      const value = band[pixel] ?? Number.NaN;
      if (!Number.isNaN(value)) samples.push(value);
    }
  }
  samples.sort((a, b) => a - b);
  const at = (share: number): number => samples[Math.floor((samples.length - 1) * share)] ?? 0;
  return { dark: at(CUT), bright: at(1 - CUT) };
}
