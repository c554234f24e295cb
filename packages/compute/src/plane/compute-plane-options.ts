import type { Clock, GatedFetch, Log, ProbeOptions } from "@stargate/kernel";
import type { PoolObserver } from "../pools/pool-events.ts";
import type { ModelStore } from "../store/model-store.ts";
import type { ComputeConfig } from "./compute-config.ts";

/** What a compute plane is made of. */
export interface ComputePlaneOptions {
  readonly config: ComputeConfig;
  readonly store: ModelStore;
  readonly clock: Clock;
  /** Timers nobody waits for, which must not keep the process alive. */
  readonly idleClock: Clock;
  readonly log: Log;
  /** Where what is learned, and the answers of canaries, outlive the process. */
  readonly folder: string;
  /** The way to remote servers. */
  readonly fetch?: GatedFetch | undefined;
  readonly secret?: ProbeOptions["secret"];
  readonly observe?: PoolObserver | undefined;
}
