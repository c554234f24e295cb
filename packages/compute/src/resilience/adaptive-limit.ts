/** Bounds of the limit. */
export interface AdaptiveLimitOptions {
  readonly initial?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Latency may rise to this multiple of its long-term mean before the limit falls. */
const TOLERANCE = 1.5;
const SHORT_SAMPLES = 10;
const LONG_SAMPLES = 600;
/** How fast the limit follows what is computed. */
const SMOOTHING = 0.2;
/** What is left of the limit when a call was dropped or refused. */
const BACK_OFF = 0.9;

/**
 * How many calls a server that says nothing of its queue is sent at once, learned from its latency: Gradient2 of
 * Netflix's concurrency-limits. When latency rises over its long-term mean, the limit falls; otherwise it grows by the
 * square root of itself.
 */
export class AdaptiveLimit {
  readonly #minimum: number;
  readonly #maximum: number;
  #limit: number;
  #shortMs: number | undefined;
  #longMs: number | undefined;

  constructor({ initial = 16, minimum = 2, maximum = 200 }: AdaptiveLimitOptions = {}) {
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.#limit = Math.max(minimum, Math.min(maximum, initial));
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** A call was answered after `ms`; `inFlight` were under way, itself included. */
  answered(ms: number, inFlight: number): void {
    this.#shortMs = mean(this.#shortMs, ms, SHORT_SAMPLES);
    this.#longMs = mean(this.#longMs, ms, LONG_SAMPLES);
    // A mean from a bad time would let the limit grow for long: it is drawn down as soon as things are good again.
    if (this.#longMs > 2 * this.#shortMs) this.#longMs *= 0.95;
    if (inFlight * 2 < this.limit) return; // an idle server says nothing about how much it could take
    const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * this.#longMs) / this.#shortMs));
    const wanted = this.#limit * gradient + Math.sqrt(this.#limit);
    this.#set(this.#limit * (1 - SMOOTHING) + wanted * SMOOTHING);
  }

  /** A call was dropped, or refused as too much. */
  dropped(): void {
    this.#set(this.#limit * BACK_OFF);
  }

  #set(limit: number): void {
    this.#limit = Math.max(this.#minimum, Math.min(this.#maximum, limit));
  }
}

function mean(old: number | undefined, value: number, samples: number): number {
  return old === undefined ? value : old + (2 / (samples + 1)) * (value - old);
}
