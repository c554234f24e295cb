import type { PoolDemand } from "./pool-demand.ts";
import type { PoolQueue } from "./pool-queue.ts";

/** What a router knows of a pool at this moment, apart from what it has learned. */
export interface LivePool {
  readonly queue: PoolQueue;
  readonly demand: PoolDemand;
}
