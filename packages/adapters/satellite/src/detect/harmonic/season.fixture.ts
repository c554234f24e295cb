import type { PixelSeries } from "../../series/pixel-series.ts";
import type { MonitorWindow } from "../monitor-window.ts";

/** Day of an ISO date. */
export function day(date: string): number {
  return Date.parse(date) / 86_400_000;
}

/** Two years to learn from, one to watch. */
export const window: MonitorWindow = {
  historyFromDay: day("2019-01-01"),
  monitorFromDay: day("2021-01-01"),
  monitorToDay: day("2022-01-01"),
};

/** Numbers that look random and are the same everywhere (mulberry32), -1 to 1. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** An observation every ten days over three years. */
export const tenDays = Float64Array.from({ length: 110 }, (_, index) => day("2019-01-01") + 10 * index);

/** A wood's year with a little noise, for each pixel its own; `change` says what happened to it. */
export function seasons(
  pixels: number,
  change: (day: number, pixel: number) => number = () => 0,
  options: { readonly seed?: number; readonly noise?: number } = {},
): PixelSeries {
  const next = noise(options.seed ?? 7);
  const values = new Float32Array(pixels * tenDays.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const [date, at] of tenDays.entries()) {
      const season = 0.6 + 0.2 * Math.cos((2 * Math.PI * (at - day("2019-07-01"))) / 365.2425);
      values[pixel * tenDays.length + date] = season + (options.noise ?? 0.02) * next() + change(at, pixel);
    }
  }
  return { days: tenDays, values, pixels };
}
