/** Mean length of a year in days, as the Gregorian calendar has it. */
export const DAYS_PER_YEAR = 365.2425;

/** Terms of a seasonal model at some dates: level, optionally trend (per year), and cosine and sine of each harmonic. */
export interface HarmonicBasis {
  /** Terms of the model. */
  readonly size: number;
  /** `rows[date * size + term]`. */
  readonly rows: Float64Array;
}

/** What a model is made of. */
export interface HarmonicTerms {
  readonly harmonics: number;
  readonly trend: boolean;
}

/** Lays the terms out. Years count from `originDay`, which keeps the numbers small; fitted values do not depend on it. */
export function harmonicBasis(
  days: Float64Array,
  { harmonics, trend }: HarmonicTerms,
  originDay: number,
): HarmonicBasis {
  const size = 1 + (trend ? 1 : 0) + 2 * harmonics;
  const rows = new Float64Array(days.length * size);
  for (const [date, day] of days.entries()) {
    const years = (day - originDay) / DAYS_PER_YEAR;
    let at = date * size;
    rows[at++] = 1;
    if (trend) rows[at++] = years;
    for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
      rows[at++] = Math.cos(2 * Math.PI * harmonic * years);
      rows[at++] = Math.sin(2 * Math.PI * harmonic * years);
    }
  }
  return { size, rows };
}
