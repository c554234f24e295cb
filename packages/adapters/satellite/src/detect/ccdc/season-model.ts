import { lasso, lassoDesign, lassoTerms, MAX_TERMS } from "./lasso.ts";
import { medianInPlace } from "../linear/median.ts";

/** Curves of all bands over a window of dates. */
export interface SeasonModel {
  /** Numbers in each curve: 4, 6 or 8; 1 for a median. */
  readonly size: number;
  /** Of each band: intercept, trend per day, cosine and sine of each harmonic; for day numbers, see `lasso`. */
  readonly coefficients: readonly Float64Array[];
  /** Root mean square error of each band. */
  readonly errors: Float64Array;
  /** Observed minus expected, `residuals[band][date]`. */
  readonly residuals: readonly Float64Array[];
}

/** Observations of a pixel that are used; `values[band][date]`. */
export interface ClearSeries {
  readonly dayNumbers: Float64Array;
  readonly values: readonly Float64Array[];
}

/** Fits the curves of all bands. */
export function fitSeason({ dayNumbers, values }: ClearSeries, size: number, penalty: number): SeasonModel {
  const design = lassoDesign(dayNumbers, size);
  const coefficients = values.map((band) => lasso(design, band, penalty));
  const residuals = values.map((band, index) => {
    const own = coefficients[index] ?? new Float64Array(MAX_TERMS + 1);
    return band.map((value, date) => value - expectedOn(own, dayNumbers[date] ?? 0));
  });
  const free = Math.max(1, dayNumbers.length - size);
  const errors = Float64Array.from(residuals, (band) => Math.sqrt(squares(band) / free));
  return { size, coefficients, errors, residuals };
}

/** A model of fewer observations than a curve needs: the median of each band. */
export function fitMedian({ dayNumbers, values }: ClearSeries): SeasonModel {
  const coefficients = values.map((band) => {
    const own = new Float64Array(MAX_TERMS + 1);
    own[0] = medianInPlace(Float64Array.from(band), band.length);
    return own;
  });
  const residuals = values.map((band, index) => band.map((value) => value - (coefficients[index]?.[0] ?? NaN)));
  const errors = Float64Array.from(residuals, (band) => Math.sqrt(squares(band) / dayNumbers.length));
  return { size: 1, coefficients, errors, residuals };
}

const terms = new Float64Array(MAX_TERMS);

/** Value of a band's curve on a day. */
export function expectedOn(coefficients: Float64Array, dayNumber: number): number {
  lassoTerms(dayNumber, terms);
  let sum = coefficients[0] ?? 0;
  for (let term = 0; term < MAX_TERMS; term++) sum += (coefficients[term + 1] ?? 0) * (terms[term] ?? 0);
  return sum;
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
