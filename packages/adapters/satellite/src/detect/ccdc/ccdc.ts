import { fail } from "../../satellite-errors.ts";
import { medianInPlace } from "../linear/median.ts";
import { type CcdcObservations, ccdcBands, ccdcQuality, GREEN, THERMAL } from "./ccdc-observations.ts";
import type { CcdcOptions } from "./ccdc-options.ts";
import { type CcdcSegment, segmentOf } from "./ccdc-segment.ts";
import { findSegments } from "./find-segments.ts";
import { DAY_NUMBER_OF_1970 } from "./lasso.ts";
import { type ClearSeries, fitSeason } from "./season-model.ts";

/** Which way a pixel takes through CCDC; only `standard` looks for change. */
export type CcdcPath = "standard" | "snow" | "few-clear";

/** What CCDC says of a pixel. */
export interface CcdcResult {
  readonly path: CcdcPath;
  readonly segments: readonly CcdcSegment[];
}

/** Kelvin x 10 to degrees Celsius x 100, the unit the thresholds of the thermal band are in. */
const toCelsius = (kelvin: number): number => 10 * kelvin - 27_315;

/** Continuous change detection and classification of one Landsat pixel. Throws SG_SATELLITE_SERIES. */
export function detectCcdc(observations: CcdcObservations, options: CcdcOptions): CcdcResult {
  const path = pathOf(observations, options);
  const used = usable(observations, path, options);
  if (used.dayNumbers.length < options.minObservations) return { path, segments: [] };
  if (path === "standard") return { path, segments: findSegments(used, options) };
  const times = {
    from: used.dayNumbers[0] ?? 0,
    to: used.dayNumbers.at(-1) ?? NaN,
    observations: used.dayNumbers.length,
  };
  return { path, segments: [segmentOf(path, fitSeason(used, 4, options.lassoPenalty), times)] };
}

function pathOf({ quality }: CcdcObservations, options: CcdcOptions): CcdcPath {
  const count = (...classes: readonly number[]): number => quality.filter((value) => classes.includes(value)).length;
  const clear = count(ccdcQuality.clear, ccdcQuality.water);
  const snow = count(ccdcQuality.snow);
  const filled = quality.length - count(ccdcQuality.fill);
  if (clear >= options.minClearShare * filled) return "standard";
  return snow > options.minSnowShare * (clear + snow) ? "snow" : "few-clear";
}

/** Observations the path may use, in order, one for each day. */
function usable({ days, bands, quality }: CcdcObservations, path: CcdcPath, options: CcdcOptions): ClearSeries {
  if (bands.length !== ccdcBands.length || bands.some((band) => band.length !== days.length))
    throw fail(
      "SG_SATELLITE_SERIES",
      `CCDC wants ${ccdcBands.length} bands (${ccdcBands.join(", ")}) of ${days.length} dates`,
    );
  const at = (band: number, date: number): number => {
    const value = bands[band]?.[date] ?? NaN;
    return band === THERMAL ? toCelsius(value) : value;
  };
  const inRange = (date: number): boolean =>
    bands.every((_, band) =>
      band === THERMAL
        ? at(band, date) > -9320 && at(band, date) < 7070
        : at(band, date) > 0 && at(band, date) < 10_000,
    );
  const isUsed = (date: number): boolean => {
    const own = quality[date];
    if (own === ccdcQuality.snow) return path === "snow";
    return (own === ccdcQuality.clear || own === ccdcQuality.water) && inRange(date);
  };
  let dates = Array.from(days, (_, date) => date).filter(isUsed);
  if (path === "few-clear") {
    const green = Float64Array.from(dates, (date) => at(GREEN, date));
    const limit = medianInPlace(green, green.length) + options.greenAboveMedian;
    dates = dates.filter((date) => at(GREEN, date) < limit);
  }
  dates = dates
    .toSorted((a, b) => (days[a] ?? 0) - (days[b] ?? 0))
    .filter((date, index, all) => index === 0 || days[date] !== days[all[index - 1] ?? date]);
  return {
    dayNumbers: Float64Array.from(dates, (date) => (days[date] ?? 0) + DAY_NUMBER_OF_1970),
    values: bands.map((_, band) => Float64Array.from(dates, (date) => at(band, date))),
  };
}
