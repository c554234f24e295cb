import type { PixelSeries } from "../series/pixel-series.ts";
import type { AlertProperties } from "./alert-schema.ts";
import { dateOfDay } from "../series/dates.ts";
import { round } from "./statistics.ts";

/** Dates of evidence an alert carries; the last ones matter most. */
const MAX_DATES = 120;

/** Mean of the index over the pixels of an alert at each date on which any of them was observed, the last 120. */
export function alertEvidence(pixels: readonly number[], { days, values }: PixelSeries): AlertProperties["evidence"] {
  const sums = new Float64Array(days.length);
  const counts = new Uint32Array(days.length);
  for (const pixel of pixels) {
    const start = pixel * days.length;
    for (let date = 0; date < days.length; date++) {
      const value = values[start + date] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sums[date] = (sums[date] ?? 0) + value;
      counts[date] = (counts[date] ?? 0) + 1;
    }
  }
  const evidence: { date: string; mean: number; share: number }[] = [];
  for (const [date, count] of counts.entries()) {
    if (count === 0) continue;
    evidence.push({
      date: dateOfDay(days[date] ?? Number.NaN),
      mean: round((sums[date] ?? 0) / count, 4),
      share: round(count / pixels.length, 4),
    });
  }
  return evidence.slice(-MAX_DATES);
}
