import type { CcdcOptions } from "./ccdc-options.ts";
import { GREEN, SWIR1 } from "./ccdc-observations.ts";
import { type Departure, departureOf, steadiness } from "./change-distance.ts";
import type { ClearDates } from "./clear-dates.ts";
import { CCDC_YEAR_DAYS } from "./lasso.ts";
import { fitSeason, type SeasonModel } from "./season-model.ts";
import { findOutliers } from "./tmask.ts";

/** Observations `start` to before `stop`. */
export interface Window {
  readonly start: number;
  readonly stop: number;
}

/** What all steps of one pixel share. */
export interface CcdcPixel {
  readonly clear: ClearDates;
  /** Median absolute difference of neighbouring observations, for each band: the least that counts as its error. */
  readonly variogram: Float64Array;
  readonly options: CcdcOptions;
}

/** Whether a window has the observations and the time a segment needs. */
export function isEnough({ clear, options }: CcdcPixel, { start, stop }: Window): boolean {
  const years = (clear.dayNumber(stop - 1) - clear.dayNumber(start)) / CCDC_YEAR_DAYS;
  return stop - start >= options.minObservations && years >= options.minYears;
}

/** Tries to start a segment in a window: takes outliers out of it, fits, and asks whether the fit is steady. */
export function tryStart(
  pixel: CcdcPixel,
  { start, stop }: Window,
): { readonly window: Window; readonly model: SeasonModel | undefined } {
  const { clear, variogram, options } = pixel;
  const outliers = outliersIn(pixel, start, stop + options.confirmations).filter((place) => place < stop);
  const left = stop - outliers.length;
  const last = Array.from({ length: stop - start }, (_, index) => stop - 1 - index).find(
    (at) => !outliers.includes(at),
  );
  const first = Array.from({ length: stop - start }, (_, index) => start + index).find((at) => !outliers.includes(at));
  const span = first === undefined || last === undefined ? 0 : clear.dayNumber(last) - clear.dayNumber(first);
  if (left - start < options.minObservations || span < options.minYears * CCDC_YEAR_DAYS)
    return { window: { start, stop: stop + 1 }, model: undefined };
  clear.remove(outliers);
  const model = fitSeason(clear.slice(start, left), 4, options.lassoPenalty);
  if (steadiness(model, span, variogram) > options.changeThreshold)
    return { window: { start: start + 1, stop: left + 1 }, model: undefined };
  return { window: { start, stop: left }, model };
}

/** Places of clouds and shadows the mask missed, among the observations `from` to before `to`. */
export function outliersIn({ clear, variogram, options }: CcdcPixel, from: number, to: number): number[] {
  const limits = {
    green: options.tmaskThreshold * (variogram[GREEN] ?? 0),
    swir1: options.tmaskThreshold * (variogram[SWIR1] ?? 0),
  };
  return findOutliers(clear.slice(from, to), limits).flatMap((isOutlier, index) => (isOutlier ? [from + index] : []));
}

/** Takes in observations before a new segment that belong to it, back to where the one before ended. */
export function lookBack(pixel: CcdcPixel, window: Window, model: SeasonModel, earliest: number): Window {
  const { clear, variogram, options } = pixel;
  let { start, stop } = window;
  let own = model;
  for (let place = start - 1; place >= earliest; place--) {
    const length = Math.min(options.confirmations, start - earliest);
    const departures: Departure[] = [];
    for (let back = 0; back < length; back++)
      departures.push(departureOf(clear, place - back, { model: own, errors: own.errors, variogram }));
    if (departures.every(({ distance }) => distance > options.changeThreshold)) break;
    if ((departures[0]?.distance ?? 0) > options.outlierThreshold) {
      clear.remove([place]);
      stop--;
    }
    start = place;
    own = fitSeason(clear.slice(start, stop), 4, options.lassoPenalty);
  }
  return { start, stop };
}
