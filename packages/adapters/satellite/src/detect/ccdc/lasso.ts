/** Terms beside the intercept: trend, and cosine and sine of one to three harmonics. */
export const MAX_TERMS = 7;

/** Day 0 of the published implementation lies this many days before 1970-01-01; the lasso depends on the phase. */
export const DAY_NUMBER_OF_1970 = 719_529;

/** Length of a year in the published implementation. */
export const CCDC_YEAR_DAYS = 365.25;

/**
 * Squared step of a coordinate, in variances of the band, below which the fit has settled: that of the published
 * implementation. Where it stops shows in the third digit of trends, which hardly move once they are near.
 */
const SETTLED = 1e-8;

const MAX_SWEEPS = 10_000;

/** Design matrix of some dates, standardised, with its products: shared by all bands of a window. */
export interface LassoDesign {
  readonly count: number;
  readonly terms: number;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** `columns[term * count + date]`, mean 0, variance 1. */
  readonly columns: Float64Array;
  /** Mean products of two columns. */
  readonly gram: Float64Array;
}

/** Terms of the model on a day: trend, then cosine and sine of each harmonic. */
export function lassoTerms(dayNumber: number, into: Float64Array): void {
  const angle = (2 * Math.PI * dayNumber) / CCDC_YEAR_DAYS;
  into[0] = dayNumber;
  for (let harmonic = 1; harmonic <= 3; harmonic++) {
    into[2 * harmonic - 1] = Math.cos(harmonic * angle);
    into[2 * harmonic] = Math.sin(harmonic * angle);
  }
}

/** Prepares a window of dates for models with `coefficients` numbers, the intercept counted. */
export function lassoDesign(dayNumbers: Float64Array, coefficients: number): LassoDesign {
  const count = dayNumbers.length;
  const terms = coefficients - 1;
  const columns = new Float64Array(terms * count);
  const row = new Float64Array(MAX_TERMS);
  for (let date = 0; date < count; date++) {
    lassoTerms(dayNumbers[date] ?? 0, row);
    for (let term = 0; term < terms; term++) columns[term * count + date] = row[term] ?? 0;
  }
  const means = new Float64Array(terms);
  const deviations = new Float64Array(terms);
  for (let term = 0; term < terms; term++) {
    const column = columns.subarray(term * count, (term + 1) * count);
    const mean = column.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) || 1;
    for (let date = 0; date < count; date++) column[date] = ((column[date] ?? 0) - mean) / deviation;
    means[term] = mean;
    deviations[term] = deviation;
  }
  const gram = new Float64Array(terms * terms);
  for (let left = 0; left < terms; left++)
    for (let right = 0; right < terms; right++) {
      let sum = 0;
      for (let date = 0; date < count; date++)
        sum += (columns[left * count + date] ?? 0) * (columns[right * count + date] ?? 0);
      gram[left * terms + right] = sum / count;
    }
  return { count, terms, means, deviations, columns, gram };
}

/**
 * Least squares with a penalty on the size of the standardised terms, by cyclic coordinate descent (Friedman, Hastie and
 * Tibshirani 2010). Gives intercept and coefficients per day number, `MAX_TERMS + 1` numbers, unused ones 0.
 */
export function lasso(design: LassoDesign, values: Float64Array, penalty: number): Float64Array {
  const { count, terms, means, deviations, columns, gram } = design;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const unit = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) || 1;
  const products = new Float64Array(terms);
  for (let term = 0; term < terms; term++) {
    let sum = 0;
    for (let date = 0; date < count; date++) sum += (columns[term * count + date] ?? 0) * ((values[date] ?? 0) - mean);
    products[term] = sum / (count * unit);
  }
  const weights = new Float64Array(terms);
  const entered: number[] = [];

  /** Moves one coordinate to its best place while the others stay; gives the square of the step. */
  function move(term: number): number {
    let rest = products[term] ?? 0;
    for (let other = 0; other < terms; other++)
      if (other !== term) rest -= (gram[term * terms + other] ?? 0) * (weights[other] ?? 0);
    const after = Math.sign(rest) * Math.max(0, Math.abs(rest) - penalty / unit);
    const step = after - (weights[term] ?? 0);
    if (step !== 0 && !entered.includes(term)) entered.push(term);
    weights[term] = after;
    return step * step;
  }

  const sweep = (among: readonly number[]): number => among.reduce((most, term) => Math.max(most, move(term)), 0);
  const all = Array.from({ length: terms }, (_, term) => term);
  // Terms that once entered are settled among themselves before all are tried again.
  for (let sweeps = 0; sweeps < MAX_SWEEPS && sweep(all) >= SETTLED; sweeps++)
    while (sweeps++ < MAX_SWEEPS && sweep([...entered]) >= SETTLED);
  const coefficients = new Float64Array(MAX_TERMS + 1);
  let intercept = mean;
  for (let term = 0; term < terms; term++) {
    const coefficient = ((weights[term] ?? 0) * unit) / (deviations[term] ?? 0);
    coefficients[term + 1] = coefficient;
    intercept -= coefficient * (means[term] ?? 0);
  }
  coefficients[0] = intercept;
  return coefficients;
}
