import { median } from "../alerts/statistics.ts";
import type { PixelSeries } from "../series/pixel-series.ts";

/** Median of each pixel over the observations from one day up to, not including, another; NaN where there are none. */
export function medianComposite(
  { days, values, pixels }: PixelSeries,
  fromDay: number,
  toDay: number,
): Float32Array<ArrayBuffer> {
  const composite = new Float32Array(pixels).fill(Number.NaN);
  const dates = [...days.keys()].filter((date) => (days[date] ?? 0) >= fromDay && (days[date] ?? 0) < toDay);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const observed = dates
      .map((date) => values[pixel * days.length + date] ?? Number.NaN)
      .filter((value) => !Number.isNaN(value));
    composite[pixel] = median(observed) ?? Number.NaN;
  }
  return composite;
}
