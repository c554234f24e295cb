/** Width of a bucket relative to its value. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
const SMALLEST_MS = 0.01;
/** After this many observations the old ones count half. */
const HALVE_AFTER = 512;

/**
 * A quantile of a stream of durations, learned online: a histogram with logarithmic buckets (as in DDSketch, Masson et
 * al., VLDB 2019) whose counts are halved now and then, so that what is new weighs more.
 */
export class LatencyQuantile {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** Observations that count. */
  get weight(): number {
    return this.#total;
  }

  observe(ms: number): void {
    const bucket = Math.round(Math.log(Math.max(ms, SMALLEST_MS)) / LOG_GROWTH);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
    if (this.#total >= HALVE_AFTER) this.#halve();
  }

  /**
   * Milliseconds that the share `quantile` (0-1) of the observations stay below: the upper end of a bucket, at most a tenth
   * too long and never too short. Undefined before the first one.
   */
  at(quantile: number): number | undefined {
    if (this.#total === 0) return undefined;
    const wanted = quantile * this.#total;
    let seen = 0;
    let last = 0;
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += count;
      last = bucket;
      if (seen >= wanted) break;
    }
    return Math.exp((last + 0.5) * LOG_GROWTH);
  }

  #halve(): void {
    this.#total = 0;
    for (const [bucket, count] of this.#counts) {
      const half = count / 2;
      if (half < 0.5) this.#counts.delete(bucket);
      else this.#counts.set(bucket, half);
      this.#total += half < 0.5 ? 0 : half;
    }
  }
}
