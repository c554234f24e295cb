const GAIN = 0.02;
/** Queues shorter than this share of the usual deadline hardly count; longer ones soon count for everything. */
const LONG_QUEUE = 0.2;

/**
 * What work on a pool costs those who come after. Keeps what is wanted of the pool, refused requests included: how
 * long the least they ask for takes, and how urgent they are. Lives beside the snapshots: it changes with every decision.
 */
export class PoolDemand {
  #serviceMs = 0;
  #urgency = 0;
  #decision = -1;
  #leastMs = 0;
  #nextUrgency = 0;

  /** One arm on this pool that a request may use. */
  consider(decision: number, serviceMs: number, remainingMs: number): void {
    // Nobody can make it later than it is already.
    if (remainingMs < serviceMs) return;
    if (decision === this.#decision) {
      this.#leastMs = Math.min(this.#leastMs, serviceMs);
      return;
    }
    if (this.#decision >= 0) this.#learn();
    this.#decision = decision;
    this.#leastMs = serviceMs;
    this.#nextUrgency = 1 / remainingMs;
  }

  /**
   * Shadow price of the pool's slots: utility that a millisecond of service takes from those behind it. A call of twice
   * the usual time makes everybody behind it wait twice as long, so that in a queue the small variant is worth more than
   * it looks to the one who asks (drift plus penalty; Neely, "Stochastic Network Optimization", 2010).
   */
  slotPrice(waitMs: number): number {
    if (this.#serviceMs <= 0) return 0;
    const pressure = waitMs * this.#urgency;
    return (pressure * (1 + (pressure / LONG_QUEUE) ** 2)) / this.#serviceMs;
  }

  #learn(): void {
    const gain = this.#serviceMs === 0 ? 1 : GAIN;
    this.#serviceMs += gain * (this.#leastMs - this.#serviceMs);
    this.#urgency += gain * (this.#nextUrgency - this.#urgency);
  }
}
