import { factorise, leverage, solve } from "../linear/cholesky.ts";
import { medianInPlace } from "../linear/median.ts";
import type { WindowDates } from "../monitor-window.ts";
import type { HarmonicBasis } from "./harmonic-basis.ts";
import type { HarmonicOptions } from "./harmonic-options.ts";

/** What is known about the noise before a pixel is looked at. */
export interface NoiseModel {
  /** Relative standard deviation of an observation, for each date. */
  readonly byDate: Float64Array;
  /** Factor on it that is typical of the block; a pixel's own is drawn towards it. NaN when nothing is known. */
  readonly typical: number;
}

/** The expected curve of one pixel. One object serves all pixels of a block: read it before the next `fit`. */
export interface HarmonicFit {
  /** Fits a pixel; false when its history is too short, too thin, or cannot tell the terms apart. */
  fit(values: Float32Array, offset: number): boolean;
  /** The pixel's factor on the noise of the dates. */
  scale(): number;
  /** Value expected on a date. */
  expected(date: number): number;
  /** Standard deviation of observed minus expected on a watched date: noise, and the curve's own uncertainty. */
  spread(date: number): number;
}

/** Observations that the block's typical noise counts for beside the pixel's own. */
const PRIOR_OBSERVATIONS = 30;

/** Median absolute deviation of a normal distribution, as a share of its standard deviation, inverted. */
const MAD_TO_SIGMA = 1.4826;

/** Six rounds instead find half a percent more of the smallest steps and cost a third more time. */
const MAX_REWEIGHTINGS = 4;

/** Tuning constants with 95 % efficiency for normal noise (Holland and Welsch 1977). */
const weightings = {
  huber: (distance: number) => (distance <= 1.345 ? 1 : 1.345 / distance),
  tukey: (distance: number) => {
    const share = distance / 4.685;
    return share >= 1 ? 0 : (1 - share * share) ** 2;
  },
};

/**
 * Least squares over the clear dates of the history, each weighed by its noise, optionally reweighted until outliers stop
 * pulling (IRLS). Pixels with the same clear dates as the one before share the factorised matrix, and nothing is allocated
 * per pixel.
 */
export function createHarmonicFit(
  days: Float64Array,
  { basis, dates, noise }: { readonly basis: HarmonicBasis; readonly dates: WindowDates; readonly noise: NoiseModel },
  options: HarmonicOptions,
): HarmonicFit {
  const { size, rows } = basis;
  const { historyFrom, monitorFrom, monitorTo } = dates;
  const { minHistoryDays, sigmaFloor } = options;
  const minObservations = Math.max(options.minObservations, size + 2);
  const weighting = options.robust === "none" ? undefined : weightings[options.robust];
  // Dividing by the noise of each date turns weighted into plain least squares.
  const scaledRows = rows.map((value, index) => value / (noise.byDate[Math.floor(index / size)] ?? 0));
  const historyDates = Math.max(0, monitorFrom - historyFrom);
  const seen = new Int32Array(historyDates);
  const scaledValues = new Float64Array(historyDates);
  const weights = new Float64Array(historyDates);
  const residuals = new Float64Array(historyDates);
  const sorted = new Float64Array(historyDates);
  const products = new Float64Array(size * size);
  const right = new Float64Array(size);
  const plainFactor = new Float64Array(size * size);
  const weightedFactor = new Float64Array(size * size);
  const coefficients = new Float64Array(size);
  const scratch = new Float64Array(size);
  const leverages = new Float64Array(Math.max(0, monitorTo - monitorFrom));
  let count = 0;
  let isFactorised = false;
  let scale = NaN;

  /** Collects the clear dates; true when they are those of the pixel before. */
  function gather(values: Float32Array, offset: number): boolean {
    let found = 0;
    let same = true;
    for (let date = historyFrom; date < monitorFrom; date++) {
      const value = values[offset + date] ?? 0;
      if (!Number.isFinite(value)) continue;
      if (seen[found] !== date) same = false;
      seen[found] = date;
      scaledValues[found++] = value / (noise.byDate[date] ?? 0);
    }
    same &&= found === count;
    count = found;
    return same;
  }

  /** Adds the product of a date's terms to a matrix, as often as the weight says. */
  function addProduct(matrix: Float64Array, index: number, weight: number): void {
    const start = (seen[index] ?? 0) * size;
    for (let row = 0; row < size; row++) {
      const scaled = weight * (scaledRows[start + row] ?? 0);
      for (let column = 0; column <= row; column++)
        matrix[row * size + column] = (matrix[row * size + column] ?? 0) + scaled * (scaledRows[start + column] ?? 0);
    }
  }

  /** The same for the value of the date and a right-hand side. */
  function addValue(right: Float64Array, index: number, weight: number): void {
    const start = (seen[index] ?? 0) * size;
    const value = weight * (scaledValues[index] ?? 0);
    for (let term = 0; term < size; term++) right[term] = (right[term] ?? 0) + value * (scaledRows[start + term] ?? 0);
  }

  function takeSolution(factor: Float64Array): void {
    solve(factor, coefficients, size);
    for (let index = 0; index < count; index++)
      residuals[index] = (scaledValues[index] ?? 0) - combine(scaledRows, (seen[index] ?? 0) * size);
  }

  function solvePlain(): void {
    right.fill(0);
    for (let index = 0; index < count; index++) addValue(right, index, 1);
    coefficients.set(right);
    takeSolution(plainFactor);
  }

  /** False when the weights leave too little to tell the terms apart. */
  function solveWeighted(): boolean {
    weightedFactor.set(products);
    coefficients.set(right);
    // Most observations keep their weight: what the others lose is taken from the sums of all.
    for (let index = 0; index < count; index++) {
      const lost = (weights[index] ?? 0) - 1;
      if (lost === 0) continue;
      addProduct(weightedFactor, index, lost);
      addValue(coefficients, index, lost);
    }
    if (!factorise(weightedFactor, size)) return false;
    takeSolution(weightedFactor);
    return true;
  }

  function combine(terms: Float64Array, start: number): number {
    let sum = 0;
    for (let term = 0; term < size; term++) sum += (coefficients[term] ?? 0) * (terms[start + term] ?? 0);
    return sum;
  }

  /** Spread by the median of absolute residuals, which up to half of the history cannot move. */
  function medianScale(): number {
    for (let index = 0; index < count; index++) sorted[index] = Math.abs(residuals[index] ?? 0);
    return MAD_TO_SIGMA * medianInPlace(sorted, count);
  }

  function reweigh(weigh: (distance: number) => number): void {
    weights.fill(1, 0, count);
    for (let round = 0; round < MAX_REWEIGHTINGS; round++) {
      const unit = medianScale();
      // Half of the history lies on the curve: there is nothing to weigh it against.
      if (unit === 0) return;
      let change = 0;
      for (let index = 0; index < count; index++) {
        const weight = weigh(Math.abs(residuals[index] ?? 0) / unit);
        change = Math.max(change, Math.abs(weight - (weights[index] ?? 0)));
        weights[index] = weight;
      }
      if (change < 0.01 || !solveWeighted()) return;
    }
  }

  function estimateScale(): number {
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const weight = weighting === undefined ? 1 : (weights[index] ?? 0);
      sum += weight * (residuals[index] ?? 0) ** 2;
    }
    const free = count - size;
    if (Number.isNaN(noise.typical)) return Math.sqrt(sum / free);
    return Math.sqrt((sum + PRIOR_OBSERVATIONS * noise.typical ** 2) / (free + PRIOR_OBSERVATIONS));
  }

  return {
    fit(values, offset) {
      const same = gather(values, offset);
      if (!same) {
        products.fill(0);
        for (let index = 0; index < count; index++) addProduct(products, index, 1);
        plainFactor.set(products);
        isFactorised = factorise(plainFactor, size);
        leverages.fill(-1);
      }
      if (count < minObservations || (days[seen[count - 1] ?? 0] ?? 0) - (days[seen[0] ?? 0] ?? 0) < minHistoryDays)
        return false;
      if (!isFactorised) return false;
      solvePlain();
      if (weighting !== undefined) reweigh(weighting);
      scale = estimateScale();
      return true;
    },
    scale: () => scale,
    expected: (date) => combine(rows, date * size),
    spread(date) {
      const at = date - monitorFrom;
      const own = noise.byDate[date] ?? 0;
      if ((leverages[at] ?? 0) < 0)
        leverages[at] = Math.sqrt(1 + leverage(plainFactor, scaledRows, date * size, { size, scratch }));
      return Math.max(scale * own, sigmaFloor) * (leverages[at] ?? 0);
    },
  };
}
