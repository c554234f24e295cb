/** Weight an observation keeps when the next one comes: about the last 50 count. */
const FORGETTING = 0.98;
/** Spread of the ratio measured/predicted that is assumed before it is known. */
const FIRST_SPREAD = 0.25;
/** Share of the fixed part in a run's time that larger runs are worth having for. */
const WORTHWHILE = 0.1;
/** Runs always vary by this much, or nothing more would be learned about what items cost. */
const LEAST_WORTH_ITEMS = 2;
/** In items squared: how much variation of the batch size outweighs the assumption about the slope. */
const PRIOR_WEIGHT = 0.25;

/**
 * Time of a run as `fixed + perItem * items`, learned online: weighted least squares with exponential forgetting, kept
 * as five sums, so that it equals recursive least squares without its wind-up when the batch size never varies. As long
 * as it has not, half of the time is taken to grow with the items. `fixed` and `perItem` are never negative.
 */
export class LatencyModel {
  #weight = 0;
  #items = 0;
  #itemsSquared = 0;
  #ms = 0;
  #itemsMs = 0;
  #fixed = 0;
  #perItem = 0;
  #ratio = 1;
  #ratioVariance = FIRST_SPREAD ** 2;
  #observations = 0;

  /** Runs seen so far. */
  get observations(): number {
    return this.#observations;
  }

  /** Part of a run's time that does not depend on the number of items. */
  get fixedMs(): number {
    return this.#fixed;
  }

  get perItemMs(): number {
    return this.#perItem;
  }

  /** A run of `items` items took `ms`. */
  observe(items: number, ms: number): void {
    if (this.#observations > 0) this.#learnSpread(ms / Math.max(this.predict(items), 1e-3));
    this.#observations += 1;
    this.#weight = this.#weight * FORGETTING + 1;
    this.#items = this.#items * FORGETTING + items;
    this.#itemsSquared = this.#itemsSquared * FORGETTING + items * items;
    this.#ms = this.#ms * FORGETTING + ms;
    this.#itemsMs = this.#itemsMs * FORGETTING + items * ms;
    const meanItems = this.#items / this.#weight;
    const meanMs = this.#ms / this.#weight;
    const variation = Math.max(0, this.#itemsSquared - this.#items * meanItems);
    const covariation = this.#itemsMs - this.#items * meanMs;
    const assumed = meanMs / (2 * meanItems);
    const slope = (covariation + PRIOR_WEIGHT * assumed) / (variation + PRIOR_WEIGHT);
    this.#perItem = Math.min(Math.max(slope, 0), meanMs / meanItems);
    this.#fixed = Math.max(0, meanMs - this.#perItem * meanItems);
  }

  /** Expected time of a run; 0 before the first observation. */
  predict(items: number): number {
    return this.#fixed + this.#perItem * items;
  }

  /** Time that about 99 of 100 runs stay below: mean and three standard deviations of measured over predicted. */
  predictTail(items: number): number {
    return this.predict(items) * (Math.max(1, this.#ratio) + 3 * Math.sqrt(this.#ratioVariance));
  }

  /** Most items whose expected time is at most `ms`; Infinity before the first observation. */
  itemsWithin(ms: number): number {
    if (this.#observations === 0 || this.#perItem === 0) return ms >= this.#fixed ? Infinity : 0;
    return Math.max(0, Math.floor((ms - this.#fixed) / this.#perItem));
  }

  /**
   * Items with which a run is about as cheap per item as any larger one: its fixed part is a tenth of the rest. Where two
   * items take twice as long, as pictures do on a processor, larger runs save nothing, while everyone in them waits for
   * all, and other models wait for the host. Infinity before the first observation.
   */
  get worthItems(): number {
    if (this.#perItem === 0) return Infinity;
    return Math.max(LEAST_WORTH_ITEMS, Math.ceil(this.#fixed / (this.#perItem * WORTHWHILE)));
  }

  #learnSpread(ratio: number): void {
    const share = 1 - FORGETTING;
    const difference = ratio - this.#ratio;
    this.#ratio += share * difference;
    this.#ratioVariance = FORGETTING * (this.#ratioVariance + share * difference * difference);
  }
}
