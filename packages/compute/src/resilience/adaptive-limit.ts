/** Bounds and gains of the limit. */
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

/**
 * How many calls a server that says nothing of its queue is sent at once, learned from its latency: Gradient2 of
 * Netflix's concurrency-limits. When latency rises over its long-term mean, the limit falls; otherwise it grows by the
 * square root of itself.
 */
export class AdaptiveLimit {
  readonly #minimum: number;
  readonly #maximum: number;
  #limit: number;
  #inFlight = 0;
  #shortMs: number | undefined;
  #longMs: number | undefined;

  constructor({ initial = 16, minimum = 2, maximum = 200 }: AdaptiveLimitOptions = {}) {
    this.#limit = initial;
    this.#minimum = minimum;
    this.#maximum = maximum;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes a place; false: as many are under way as the server takes well. */
  enter(): boolean {
    if (this.#inFlight >= this.limit) return false;
    this.#inFlight += 1;
    return true;
  }

  /** Gives the place back. `ms`: how long a call took that was answered; undefined: it was dropped or refused. */
  leave(ms: number | undefined): void {
    const busy = this.#inFlight * 2 >= this.limit;
    this.#inFlight -= 1;
    if (ms === undefined) this.#limit = Math.max(this.#minimum, this.#limit * 0.9);
    else this.#learn(ms, busy);
  }

  #learn(ms: number, busy: boolean): void {
    this.#shortMs = mean(this.#shortMs, ms, SHORT_SAMPLES);
    this.#longMs = mean(this.#longMs, ms, LONG_SAMPLES);
    // A mean from a bad time would let the limit grow for long: it is drawn down as soon as things are good again.
    if (this.#longMs > 2 * this.#shortMs) this.#longMs *= 0.95;
    if (!busy) return; // an idle server says nothing about how much it could take
    const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * this.#longMs) / this.#shortMs));
    const wanted = this.#limit * gradient + Math.sqrt(this.#limit);
    const next = this.#limit * (1 - SMOOTHING) + wanted * SMOOTHING;
    this.#limit = Math.max(this.#minimum, Math.min(this.#maximum, next));
  }
}

function mean(old: number | undefined, value: number, samples: number): number {
  return old === undefined ? value : old + (2 / (samples + 1)) * (value - old);
}
