import type { Color } from "./canvas.ts";

/** Colours in the order of values; between them it is mixed. Colour-blind readers see both in order, and so does a copier. */
export const colorRamps = {
  /** From little to much: viridis (van der Walt and Smith 2015, CC0), every ninth part. */
  sequential: [
    "#440154",
    "#482878",
    "#3e4a89",
    "#31688e",
    "#26828e",
    "#1f9e89",
    "#35b779",
    "#6ece58",
    "#b5de2b",
    "#fde725",
  ],
  /** From less to more than nothing: BrBG (ColorBrewer 2.0, Brewer 2013). */
  diverging: ["#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5", "#c7eae5", "#80cdc1", "#35978f", "#01665e"],
} as const;

export type ColorRamp = keyof typeof colorRamps;

/** Steps in which a ramp is drawn: as many as an eye can tell apart. */
const STEPS = 256;

const tables = new Map<ColorRamp, readonly Color[]>();

/** Colour of a share of the way, 0-1; what lies outside has the colour of the end. */
export function rampColor(ramp: ColorRamp, share: number): Color {
  const table = tables.get(ramp) ?? Array.from({ length: STEPS }, (_, step) => mixedColor(ramp, step / (STEPS - 1)));
  tables.set(ramp, table);
  return table[Math.round(Math.min(1, Math.max(0, share)) * (STEPS - 1))] ?? [0, 0, 0];
}

function mixedColor(ramp: ColorRamp, share: number): Color {
  const colors = colorRamps[ramp];
  const place = share * (colors.length - 1);
  const index = Math.min(colors.length - 2, Math.floor(place));
  const [from, to] = [parseColor(colors[index] ?? ""), parseColor(colors[index + 1] ?? "")];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

/** "#440154" as numbers. */
export function parseColor(hex: string): Color {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

export function formatColor([red, green, blue]: Color): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`;
}
