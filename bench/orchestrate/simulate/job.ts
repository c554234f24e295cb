import type { PoolTelemetry } from "@stargate/compute";

/** What a pool is asked to do, in the true numbers of the world. */
export interface Job {
  /** Time in a slot at the pool's usual speed, noise included: what will really happen. */
  readonly trueMs: number;
  /** The same without noise: what anybody could expect. */
  readonly expectedMs: number;
  readonly variant: number;
  readonly deadlineMs: number;
  /** In [0, 1): fails when it is below the pool's failure rate. */
  readonly luck: number;
  end(end: JobEnd): void;
}

export interface JobEnd {
  readonly result: "ok" | "failed" | "timeout" | "expired";
  readonly queueMs: number;
  /** Time the slot was or will be busy with it. */
  readonly slotMs: number;
  readonly coldMs: number;
  readonly telemetry: PoolTelemetry | undefined;
}
