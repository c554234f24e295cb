import type { Clock } from "@stargate/kernel";

export interface CallBudgetOptions {
  readonly clock: Pick<Clock, "nowMs">;
  /** Extra calls allowed per call made, over the window: 0.1 for retries, 0.05 for hedges. */
  readonly share: number;
  /** Extra calls allowed in a window however few calls are made, so that a quiet gateway may retry at all. */
  readonly minimum: number;
  readonly windowMs?: number | undefined;
}

/** Bounds extra work by the work there is: in an outage retries and hedges switch themselves off. */
export interface CallBudget {
  /** One call was made. */
  call(): void;
  /** Takes one extra call out of the budget; false: there is none left. */
  take(): boolean;
}

const DEFAULT_WINDOW_MS = 10_000;
const BUCKETS = 10;

interface Bucket {
  slot: number;
  calls: number;
  extra: number;
}

/**
 * A budget over a sliding window of ten buckets. Source: "Site Reliability Engineering", chapter 21 (client-side retry
 * budget); Envoy's retry budget for the minimum.
 */
export function createCallBudget({
  clock,
  share,
  minimum,
  windowMs = DEFAULT_WINDOW_MS,
}: CallBudgetOptions): CallBudget {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({ slot: -1, calls: 0, extra: 0 }));
  const slotMs = windowMs / BUCKETS;

  const current = (): Bucket => {
    const slot = Math.floor(clock.nowMs() / slotMs);
    const bucket = buckets[slot % BUCKETS] as Bucket; // the index is below BUCKETS
    if (bucket.slot !== slot) Object.assign(bucket, { slot, calls: 0, extra: 0 });
    return bucket;
  };

  return {
    call: () => void (current().calls += 1),
    take() {
      const now = current();
      const live = buckets.filter(({ slot }) => slot > now.slot - BUCKETS);
      const calls = live.reduce((sum, bucket) => sum + bucket.calls, 0);
      const extra = live.reduce((sum, bucket) => sum + bucket.extra, 0);
      if (extra + 1 > Math.max(minimum, calls * share)) return false;
      now.extra += 1;
      return true;
    },
  };
}
