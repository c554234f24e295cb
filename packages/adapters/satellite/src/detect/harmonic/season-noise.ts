import type { PixelSeries } from "../../series/pixel-series.ts";
import { medianInPlace } from "../linear/median.ts";
import type { WindowDates } from "../monitor-window.ts";
import { DAYS_PER_YEAR, type HarmonicBasis } from "./harmonic-basis.ts";
import { createHarmonicFit, type NoiseModel } from "./harmonic-fit.ts";
import type { HarmonicOptions } from "./harmonic-options.ts";

/** Pixels, evenly spread over the block, that the season's noise is learned from. */
const SAMPLE_PIXELS = 2048;

/** How far in the year an observation speaks for others: standard deviation of the kernel. */
const KERNEL_DAYS = 30;

/** Observations that the mean noise of the whole year counts for, so that an unseen season is an average one. */
const PRIOR_OBSERVATIONS = 10;

/** Noise that is the same on every date, of which nothing is known beforehand. */
export function evenNoise(dates: number): NoiseModel {
  return { byDate: new Float64Array(dates).fill(1), typical: NaN };
}

/**
 * Learns from the histories of a block how noisy each time of the year is. In Slovenia's woods NDVI strays by 0.03 in
 * August and by 0.1 in January; one standard deviation for both would hide clearings in summer and see them in winter.
 */
export function learnSeasonNoise(
  series: PixelSeries,
  { basis, dates }: { readonly basis: HarmonicBasis; readonly dates: WindowDates },
  options: HarmonicOptions,
): NoiseModel {
  const { days, values, pixels } = series;
  const even = evenNoise(days.length);
  const stride = Math.max(1, Math.floor(pixels / SAMPLE_PIXELS));
  const fit = createHarmonicFit(days, { basis, dates, noise: even }, { ...options, robust: "none" });
  const squares = new Float64Array(days.length);
  const counts = new Float64Array(days.length);
  for (let pixel = 0; pixel < pixels; pixel += stride) {
    const offset = pixel * days.length;
    if (!fit.fit(values, offset)) continue;
    for (let date = dates.historyFrom; date < dates.monitorFrom; date++) {
      const value = values[offset + date] ?? 0;
      if (!Number.isFinite(value)) continue;
      squares[date] = (squares[date] ?? 0) + (value - fit.expected(date)) ** 2;
      counts[date] = (counts[date] ?? 0) + 1;
    }
  }
  const byDate = smoothOverYear(days, squares, counts);
  if (byDate === undefined) return even;
  const unscaled = createHarmonicFit(days, { basis, dates, noise: { byDate, typical: NaN } }, options);
  const scales = new Float64Array(Math.ceil(pixels / stride));
  let count = 0;
  for (let pixel = 0; pixel < pixels; pixel += stride)
    if (unscaled.fit(values, pixel * days.length)) scales[count++] = unscaled.scale();
  return { byDate, typical: medianInPlace(scales, count) };
}

/** Root mean square by time of the year; undefined when nothing strays at all. */
function smoothOverYear(days: Float64Array, squares: Float64Array, counts: Float64Array): Float64Array | undefined {
  const sum = (numbers: Float64Array): number => numbers.reduce((total, number) => total + number, 0);
  const mean = sum(squares) / sum(counts);
  if (!(mean > 0)) return undefined;
  return days.map((day) => {
    let square = PRIOR_OBSERVATIONS * mean;
    let count = PRIOR_OBSERVATIONS;
    for (const [other, otherDay] of days.entries()) {
      const apart = Math.abs(day - otherDay) % DAYS_PER_YEAR;
      const inYear = Math.min(apart, DAYS_PER_YEAR - apart);
      const weight = Math.exp(-0.5 * (inYear / KERNEL_DAYS) ** 2);
      square += weight * (squares[other] ?? 0);
      count += weight * (counts[other] ?? 0);
    }
    return Math.sqrt(square / count);
  });
}
