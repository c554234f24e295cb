/** Runs at the ceiling that must succeed before it is raised; doubles with every further failure. */
const FIRST_PATIENCE_RUNS = 16;
const MOST_PATIENCE_RUNS = 4096;
/** By how much it is raised: a sixteenth, at least one item. */
const GROWTH = 1 / 16;
/** Share of the ceiling from which on a run tells something about it. */
const NEAR = 0.75;

/**
 * Most items that a run of one bucket may have because of the device's memory. Running out of memory halves it; it
 * recovers slowly, and ever more slowly when it fails again, so that a device that is really too small is seldom tried.
 */
export class ItemCeiling {
  #limit = Infinity;
  #patienceRuns = FIRST_PATIENCE_RUNS;
  #succeeded = 0;

  /** Infinity: memory has never run out. */
  get limit(): number {
    return this.#limit;
  }

  /** A run of `items` items did not fit. */
  ranOut(items: number): void {
    if (items > this.#limit) return; // that was known
    if (this.#limit !== Infinity) this.#patienceRuns = Math.min(this.#patienceRuns * 2, MOST_PATIENCE_RUNS);
    this.#limit = Math.max(1, Math.floor(items / 2));
    this.#succeeded = 0;
  }

  /** A run of `items` items did fit. */
  fitted(items: number): void {
    if (items < this.#limit * NEAR) return;
    this.#succeeded += 1;
    if (this.#succeeded < this.#patienceRuns) return;
    this.#succeeded = 0;
    this.#limit += Math.max(1, Math.floor(this.#limit * GROWTH));
  }
}
