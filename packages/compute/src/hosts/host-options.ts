import type { Clock, GatedFetch, Log, ProbeOptions } from "@stargate/kernel";

/** How hosts of a backend are opened. */
export interface HostOptions {
  /** Its timers should keep no process alive. */
  readonly clock: Clock;
  readonly log: Log;
  /**
   * "process" (default): it survives engines that crash, gives leaked memory back when it is replaced, and can be killed
   * at any moment. "thread": starts faster and passes tensors without copies; for models and engines that are trusted
   * to do neither, as a crash ends the gateway, and a run that never ends stays. Backends without a factory compute
   * elsewhere and are called from this thread.
   */
  readonly isolation?: "process" | "thread" | undefined;
  /** Whether hosts let the gateway go first when there is too little CPU. Default true. */
  readonly lowPriority?: boolean | undefined;
  /**
   * Memory that a process may hold after a call before it should be replaced; one that holds half as much again is
   * killed. At least twice what its models need. Default: half of the machine's or container's.
   */
  readonly memoryCeilingBytes?: number | undefined;
  /** Time to come up. Default 20 s. */
  readonly startTimeoutMs?: number | undefined;
  /** The way to a network, for backends that are called from this thread. */
  readonly fetch?: GatedFetch | undefined;
  /** Secrets, for backends that are called from this thread. */
  readonly secret?: ProbeOptions["secret"];
}
