import { factorise, leverage, solve } from "../linear/cholesky.ts";
import { medianInPlace } from "../linear/median.ts";
import type { WindowDates } from "../monitor-window.ts";
import type { HarmonicBasis } from "./harmonic-basis.ts";
import type { HarmonicOptions } from "./harmonic-options.ts";

/** The expected curve of one pixel. One object serves all pixels of a block: read it before the next `fit`. */
export interface HarmonicFit {
  /** Fits a pixel; false when its history is too short, too thin, or cannot tell the terms apart. */
  fit(values: Float32Array, offset: number): boolean;
  /** Standard deviation of the history around the curve, at least the floor. */
  sigma(): number;
  /** Value expected on a date. */
  expected(date: number): number;
  /** Standard deviation of observed minus expected on a date outside the history: noise, and the curve's own uncertainty. */
  spread(date: number): number;
}

/** Median absolute deviation of a normal distribution, as a share of its standard deviation, inverted. */
const MAD_TO_SIGMA = 1.4826;

const MAX_REWEIGHTINGS = 8;

/** Tuning constants with 95 % efficiency for normal noise (Holland and Welsch 1977). */
const weightings = {
  huber: (distance: number) => (distance <= 1.345 ? 1 : 1.345 / distance),
  tukey: (distance: number) => {
    const share = distance / 4.685;
    return share >= 1 ? 0 : (1 - share * share) ** 2;
  },
};

/**
 * Least squares over the clear dates of the history, optionally reweighted until outliers stop pulling (IRLS).
 * Pixels with the same clear dates as the one before share the factorised matrix, and nothing is allocated per pixel.
 */
export function createHarmonicFit(
  days: Float64Array,
  basis: HarmonicBasis,
  dates: WindowDates,
  options: HarmonicOptions,
): HarmonicFit {
  const { size, rows } = basis;
  const { historyFrom, monitorFrom, monitorTo } = dates;
  const { minHistoryDays, sigmaFloor } = options;
  const minObservations = Math.max(options.minObservations, size + 2);
  const weighting = options.robust === "none" ? undefined : weightings[options.robust];
  const historyDates = Math.max(0, monitorFrom - historyFrom);
  const seen = new Int32Array(historyDates);
  const weights = new Float64Array(historyDates);
  const residuals = new Float64Array(historyDates);
  const sorted = new Float64Array(historyDates);
  const plainFactor = new Float64Array(size * size);
  const weightedFactor = new Float64Array(size * size);
  const coefficients = new Float64Array(size);
  const scratch = new Float64Array(size);
  const spreads = new Float64Array(Math.max(0, monitorTo - monitorFrom));
  let count = 0;
  let isFactorised = false;
  let sigma = NaN;

  /** Collects the clear dates; true when they are those of the pixel before. */
  function gather(values: Float32Array, offset: number): boolean {
    let found = 0;
    let same = true;
    for (let date = historyFrom; date < monitorFrom; date++) {
      const value = values[offset + date] ?? 0;
      if (Number.isNaN(value)) continue;
      if (same && seen[found] !== date) same = false;
      seen[found++] = date;
    }
    same = same && found === count;
    count = found;
    return same;
  }

  function accumulate(factor: Float64Array, weighted: boolean): void {
    factor.fill(0);
    for (let index = 0; index < count; index++) {
      const start = (seen[index] ?? 0) * size;
      const weight = weighted ? (weights[index] ?? 0) : 1;
      for (let row = 0; row < size; row++) {
        const scaled = weight * (rows[start + row] ?? 0);
        for (let column = 0; column <= row; column++)
          factor[row * size + column] = (factor[row * size + column] ?? 0) + scaled * (rows[start + column] ?? 0);
      }
    }
  }

  function solveFor(values: Float32Array, offset: number, factor: Float64Array, weighted: boolean): void {
    coefficients.fill(0);
    for (let index = 0; index < count; index++) {
      const date = seen[index] ?? 0;
      const value = (weighted ? (weights[index] ?? 0) : 1) * (values[offset + date] ?? 0);
      for (let term = 0; term < size; term++)
        coefficients[term] = (coefficients[term] ?? 0) + value * (rows[date * size + term] ?? 0);
    }
    solve(factor, coefficients, size);
    for (let index = 0; index < count; index++) {
      const date = seen[index] ?? 0;
      residuals[index] = (values[offset + date] ?? 0) - expected(date);
    }
  }

  function expected(date: number): number {
    let sum = 0;
    for (let term = 0; term < size; term++) sum += (coefficients[term] ?? 0) * (rows[date * size + term] ?? 0);
    return sum;
  }

  /** Spread by the median of absolute residuals, which up to half of the history cannot move. */
  function robustSigma(): number {
    for (let index = 0; index < count; index++) sorted[index] = Math.abs(residuals[index] ?? 0);
    return MAD_TO_SIGMA * medianInPlace(sorted, count) * Math.sqrt(count / (count - size));
  }

  function plainSigma(): number {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += (residuals[index] ?? 0) ** 2;
    return Math.sqrt(sum / (count - size));
  }

  function reweigh(values: Float32Array, offset: number, weigh: (distance: number) => number): void {
    let before = Infinity;
    for (let round = 0; round < MAX_REWEIGHTINGS; round++) {
      const scale = Math.max(robustSigma(), sigmaFloor / 4);
      let change = 0;
      for (let index = 0; index < count; index++) {
        const weight = weigh(Math.abs(residuals[index] ?? 0) / scale);
        change = Math.max(change, Math.abs(weight - (weights[index] ?? 0)));
        weights[index] = weight;
      }
      if (change < 0.01 || Math.abs(scale - before) < 1e-6 * scale) return;
      before = scale;
      accumulate(weightedFactor, true);
      if (!factorise(weightedFactor, size)) return;
      solveFor(values, offset, weightedFactor, true);
    }
  }

  return {
    fit(values, offset) {
      const same = gather(values, offset);
      if (count < minObservations || (days[seen[count - 1] ?? 0] ?? 0) - (days[seen[0] ?? 0] ?? 0) < minHistoryDays)
        return false;
      if (!same) {
        accumulate(plainFactor, false);
        isFactorised = factorise(plainFactor, size);
        spreads.fill(0);
      }
      if (!isFactorised) return false;
      solveFor(values, offset, plainFactor, false);
      if (weighting === undefined) sigma = plainSigma();
      else {
        weights.fill(1, 0, count);
        reweigh(values, offset, weighting);
        sigma = robustSigma();
      }
      sigma = Math.max(sigma, sigmaFloor);
      return true;
    },
    sigma: () => sigma,
    expected,
    spread(date) {
      const at = date - monitorFrom;
      if (spreads[at] === 0) spreads[at] = Math.sqrt(1 + leverage(plainFactor, rows, date * size, { size, scratch }));
      return sigma * (spreads[at] ?? 0);
    },
  };
}
