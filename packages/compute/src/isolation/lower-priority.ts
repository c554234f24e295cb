import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setPriority } from "node:os";

/** Below everything that answers requests, above what an operator made idle. */
const workerNiceness = 10;

/**
 * Lets the gateway thread go first when there are more busy workers than cores: a request is then answered while
 * eight scans are read. Linux schedules threads one by one and names ours in /proc; elsewhere nothing happens.
 * Processes a worker starts inherit its niceness.
 */
export function lowerThreadPriority(): void {
  try {
    setPriority(Number(basename(readlinkSync("/proc/thread-self"))), workerNiceness);
  } catch {
    // Not Linux, or a sandbox without /proc: workers are as fast, only less polite.
  }
}
