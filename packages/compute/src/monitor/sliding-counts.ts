import type { Clock } from "@stargate/kernel";

/** One second is the finest that is kept apart. */
const BUCKET_MS = 1000;

/** Sums by name over some time. */
export interface WindowCounts {
  /** How much time it really is: less than was asked for while there has not been as much. */
  readonly seconds: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Sums by name: over all time, and over the last seconds. */
export class SlidingCounts {
  readonly #clock: Clock;
  readonly #openedMs: number;
  readonly #keptBuckets: number;
  /** By the second they began in, oldest first. */
  readonly #buckets = new Map<number, Map<string, number>>();
  readonly #totals = new Map<string, number>();

  constructor(clock: Clock, keptSeconds: number) {
    this.#clock = clock;
    this.#openedMs = clock.nowMs();
    this.#keptBuckets = Math.ceil((keptSeconds * 1000) / BUCKET_MS) + 1;
  }

  get totals(): ReadonlyMap<string, number> {
    return this.#totals;
  }

  /** Adds an amount, spread evenly over the time since `sinceMs`. Default: all of it now. */
  add(name: string, amount: number, sinceMs?: number): void {
    addTo(this.#totals, name, amount);
    const nowMs = this.#clock.nowMs();
    const now = Math.floor(nowMs / BUCKET_MS);
    const spanMs = nowMs - (sinceMs ?? nowMs);
    if (spanMs <= 0) return addTo(this.#bucket(now), name, amount);
    const first = Math.max(Math.floor((sinceMs ?? nowMs) / BUCKET_MS), now - this.#keptBuckets + 1);
    for (let bucket = first; bucket <= now; bucket++) {
      const fromMs = Math.max(sinceMs ?? nowMs, bucket * BUCKET_MS);
      const untilMs = Math.min(nowMs, (bucket + 1) * BUCKET_MS);
      if (untilMs > fromMs) addTo(this.#bucket(bucket), name, (amount * (untilMs - fromMs)) / spanMs);
    }
  }

  /** Sums over the last seconds: whole ones, and the one that is passing. */
  last(seconds: number): WindowCounts {
    const nowMs = this.#clock.nowMs();
    const now = Math.floor(nowMs / BUCKET_MS);
    const first = now - Math.round((seconds * 1000) / BUCKET_MS) + 1;
    const counts = new Map<string, number>();
    for (const [bucket, amounts] of this.#buckets) {
      if (bucket < first) continue;
      for (const [name, amount] of amounts) addTo(counts, name, amount);
    }
    return { seconds: (nowMs - Math.max(first * BUCKET_MS, this.#openedMs)) / 1000, counts };
  }

  #bucket(index: number): Map<string, number> {
    const known = this.#buckets.get(index);
    if (known !== undefined) return known;
    const made = new Map<string, number>();
    this.#buckets.set(index, made);
    for (const old of this.#buckets.keys()) if (old <= index - this.#keptBuckets) this.#buckets.delete(old);
    return made;
  }
}

function addTo(counts: Map<string, number>, name: string, amount: number): void {
  counts.set(name, (counts.get(name) ?? 0) + amount);
}
