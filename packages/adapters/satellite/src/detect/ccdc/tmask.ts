import { factorise, leverage, solve } from "../linear/cholesky.ts";
import { medianInPlace } from "../linear/median.ts";
import { GREEN, SWIR1 } from "./ccdc-observations.ts";
import { CCDC_YEAR_DAYS } from "./lasso.ts";
import type { ClearSeries } from "./season-model.ts";

/** Level, and cosine and sine of the year and of the whole window. */
const SIZE = 5;

const MAX_ROUNDS = 5;

/** Tuning constant of the bisquare weights and the MAD of a normal distribution (Holland and Welsch 1977). */
const TUNE = 4.685;
const MAD_SHARE = 0.6745;

/**
 * Which observations are clouds or shadows that the mask missed: brighter in green, or darker in SWIR1, than a robust
 * curve through the window by more than the given limits (Tmask; Zhu and Woodcock 2014).
 */
export function findOutliers({ dayNumbers, values }: ClearSeries, limits: { green: number; swir1: number }): boolean[] {
  const rows = tmaskRows(dayNumbers);
  const residualsOf = (band: number): Float64Array => robustResiduals(rows, values[band] ?? new Float64Array());
  const green = residualsOf(GREEN);
  const swir1 = residualsOf(SWIR1);
  return Array.from(dayNumbers, (_, date) => (green[date] ?? 0) > limits.green || (swir1[date] ?? 0) < -limits.swir1);
}

function tmaskRows(dayNumbers: Float64Array): Float64Array {
  const count = dayNumbers.length;
  const years = Math.ceil(((dayNumbers[count - 1] ?? 0) - (dayNumbers[0] ?? 0)) / CCDC_YEAR_DAYS);
  const rows = new Float64Array(count * SIZE);
  for (let date = 0; date < count; date++) {
    const angle = (2 * Math.PI * (dayNumbers[date] ?? 0)) / CCDC_YEAR_DAYS;
    rows.set([1, Math.cos(angle), Math.sin(angle), Math.cos(angle / years), Math.sin(angle / years)], date * SIZE);
  }
  return rows;
}

/** Residuals of a bisquare regression, residuals enlarged by their leverage while weighing (DuMouchel and O'Brien 1989). */
function robustResiduals(rows: Float64Array, values: Float64Array): Float64Array {
  const count = values.length;
  const weights = new Float64Array(count).fill(1);
  let fit = weightedFit(rows, values, weights);
  if (fit === undefined) return new Float64Array(count);
  const { factor } = fit;
  const scratch = new Float64Array(SIZE);
  const enlarge = Float64Array.from(values, (_, date) => {
    const own = Math.min(0.9999, leverage(factor, rows, date * SIZE, { size: SIZE, scratch }));
    return 1 / Math.sqrt(1 - own);
  });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const enlarged = fit.residuals.map((residual, date) => Math.abs(residual * (enlarge[date] ?? 0)));
    // The smallest residuals are small because the curve was bent to them: as many as it has terms, less one.
    const sorted = enlarged.toSorted().slice(SIZE - 1);
    const scale = medianInPlace(sorted, sorted.length) / MAD_SHARE || 1;
    for (let date = 0; date < count; date++) {
      const share = (enlarged[date] ?? 0) / (scale * TUNE);
      weights[date] = share < 1 ? (1 - share * share) ** 2 : 0;
    }
    const next = weightedFit(rows, values, weights);
    if (next === undefined) break;
    fit = next;
  }
  return fit.residuals;
}

function weightedFit(
  rows: Float64Array,
  values: Float64Array,
  weights: Float64Array,
): { readonly factor: Float64Array; readonly residuals: Float64Array } | undefined {
  const factor = new Float64Array(SIZE * SIZE);
  const solution = new Float64Array(SIZE);
  for (let date = 0; date < values.length; date++)
    for (let row = 0; row < SIZE; row++) {
      const weighted = (weights[date] ?? 0) * (rows[date * SIZE + row] ?? 0);
      solution[row] = (solution[row] ?? 0) + weighted * (values[date] ?? 0);
      for (let column = 0; column <= row; column++)
        factor[row * SIZE + column] = (factor[row * SIZE + column] ?? 0) + weighted * (rows[date * SIZE + column] ?? 0);
    }
  if (!factorise(factor, SIZE)) return undefined;
  solve(factor, solution, SIZE);
  const residuals = values.map((value, date) => {
    let rest = value;
    for (let term = 0; term < SIZE; term++) rest -= (solution[term] ?? 0) * (rows[date * SIZE + term] ?? 0);
    return rest;
  });
  return { factor, residuals };
}
