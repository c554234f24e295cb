import type { Clock } from "@stargate/kernel";

/** Waiting counts for this long. */
const WINDOW_MS = 10_000;

/**
 * Decides when a model is worth loading a second time: when its calls have waited, in sum, for as long as loading takes
 * (ski rental: never more than twice as expensive as knowing the future).
 */
export class Spread {
  readonly #clock: Clock;
  readonly #waited = new Map<string, { ms: number; readonly sinceMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls of a model waited while a slot that does not have the model was free. */
  waited(model: string, ms: number): void {
    const nowMs = this.#clock.nowMs();
    const known = this.#waited.get(model);
    if (known === undefined || nowMs - known.sinceMs > WINDOW_MS) this.#waited.set(model, { ms, sinceMs: nowMs });
    else known.ms += ms;
  }

  /** Whether it is worth `costMs` now; begins anew when it is. */
  isDue(model: string, costMs: number): boolean {
    if ((this.#waited.get(model)?.ms ?? 0) < costMs) return false;
    this.#waited.delete(model);
    return true;
  }
}
