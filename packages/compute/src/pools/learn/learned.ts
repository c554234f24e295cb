import { ItemCeiling } from "../../batch/item-ceiling.ts";
import { LatencyModel } from "../../batch/latency-model.ts";

/** Load time that is assumed before the first one was seen. */
const ASSUMED_LOAD_MS = 1000;
/** The same for starting a host. */
const ASSUMED_START_MS = 500;
/** Largest factor by which patience grows when hosts given up on were only slow. */
const MOST_INDULGENCE = 16;

/** What a pool knows of one model variant and bucket. */
export class BucketKnowledge {
  readonly ceiling = new ItemCeiling();
  #latency = new LatencyModel();
  #isWarm = false;
  #indulgence = 1;

  get latency(): LatencyModel {
    return this.#latency;
  }

  /** By how much the time after which a run is given up on is stretched: hosts given up on may only be slow. */
  get indulgence(): number {
    return this.#indulgence;
  }

  gaveUp(): void {
    this.#indulgence = Math.min(this.#indulgence * 2, MOST_INDULGENCE);
  }

  /** @param isFirst the first run of a freshly loaded model: slower, and only believed while there is nothing better. */
  answered(items: number, ms: number, isFirst: boolean): void {
    this.ceiling.fitted(items);
    this.#indulgence = 1;
    if (isFirst && this.#isWarm) return;
    if (!isFirst && !this.#isWarm) this.#latency = new LatencyModel();
    this.#isWarm ||= !isFirst;
    this.#latency.observe(items, ms);
  }

  /** Time a call adds to a queue that is served in batches of at most `mostItems`. */
  costMs(items: number, mostItems: number): number {
    const fill = Math.max(1, Math.min(mostItems, this.ceiling.limit));
    return this.#latency.perItemMs * items + this.#latency.fixedMs * Math.min(1, items / fill);
  }
}

/** What a pool has learned about its models. */
export class Learned {
  readonly #buckets = new Map<string, BucketKnowledge>();
  readonly #loadMs = new Map<string, number>();
  #startMs = ASSUMED_START_MS;

  bucket(model: string, bucket: string): BucketKnowledge {
    const key = `${model} ${bucket}`;
    let known = this.#buckets.get(key);
    if (known === undefined) this.#buckets.set(key, (known = new BucketKnowledge()));
    return known;
  }

  loadMs(model: string): number {
    return this.#loadMs.get(model) ?? ASSUMED_LOAD_MS;
  }

  loaded(model: string, ms: number): void {
    this.#loadMs.set(model, ms);
  }

  get startMs(): number {
    return this.#startMs;
  }

  started(ms: number): void {
    this.#startMs = ms;
  }
}
