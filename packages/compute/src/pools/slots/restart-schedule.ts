import type { RestartLimits } from "../pool-options.ts";

/**
 * When a host that ended is started again: at once the first time, then after pauses that double, and after a crash loop
 * only now and then. A host that was up for long enough ends the row.
 */
export class RestartSchedule {
  readonly #limits: RestartLimits;
  #crashes = 0;

  constructor(limits: RestartLimits) {
    this.#limits = limits;
  }

  /** Ends in a row. */
  get crashes(): number {
    return this.#crashes;
  }

  /** A host ended after this time, or (0) did not come up. Gives the pause before the next start. */
  crashed(upMs: number): number {
    const { pauseMs, maxPauseMs, stableMs, maxCrashes, restMs } = this.#limits;
    this.#crashes = upMs >= stableMs ? 1 : this.#crashes + 1;
    if (this.#crashes === 1) return 0;
    if (this.#crashes > maxCrashes) return restMs;
    return Math.min(pauseMs * 2 ** (this.#crashes - 2), maxPauseMs);
  }
}
