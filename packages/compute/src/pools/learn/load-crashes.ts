import type { Clock } from "@stargate/kernel";

/** How long an end counts. */
const REMEMBER_MS = 300_000;

/** Counts hosts that ended while they loaded a model. */
export class LoadCrashes {
  readonly #clock: Clock;
  readonly #counts = new Map<string, { count: number; lastMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one more, and gives how many there have been lately. */
  add(model: string): number {
    const count = this.of(model) + 1;
    this.#counts.set(model, { count, lastMs: this.#clock.nowMs() });
    return count;
  }

  of(model: string): number {
    const known = this.#counts.get(model);
    if (known === undefined) return 0;
    if (this.#clock.nowMs() - known.lastMs < REMEMBER_MS) return known.count;
    this.#counts.delete(model);
    return 0;
  }

  /** It was loaded. */
  clear(model: string): void {
    this.#counts.delete(model);
  }
}
