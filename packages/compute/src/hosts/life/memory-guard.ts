import { totalmem } from "node:os";
import type { HostRetirement } from "../model-host.ts";

/** A host that holds this much of its ceiling, also during a run, is killed before the system kills something else. */
const KILL_FACTOR = 1.5;

export interface MemoryGuard {
  readonly ceilingBytes: number;
  /** As last seen. */
  readonly memoryBytes: number;
  readonly retirement: Promise<HostRetirement>;
  /** Between runs: says whether the host is over its ceiling, and retires it then. */
  isOver(memoryBytes: number): boolean;
  /** At any time, during a run, too: says whether the host must be killed. */
  isFarOver(memoryBytes: number): boolean;
}

/** Half of what the machine or the container has. */
export function defaultMemoryCeilingBytes(): number {
  const constrainedBytes = process.constrainedMemory();
  return Math.floor(Math.min(totalmem(), constrainedBytes === 0 ? Infinity : constrainedBytes) / 2);
}

export function guardMemory(ceilingBytes: number): MemoryGuard {
  const retirement = Promise.withResolvers<HostRetirement>();
  let lastBytes = 0;
  return {
    ceilingBytes,
    get memoryBytes() {
      return lastBytes;
    },
    retirement: retirement.promise,
    isOver(memoryBytes) {
      lastBytes = memoryBytes;
      if (memoryBytes > ceilingBytes) retirement.resolve({ reason: "memory", memoryBytes, ceilingBytes });
      return memoryBytes > ceilingBytes;
    },
    isFarOver(memoryBytes) {
      lastBytes = memoryBytes;
      return memoryBytes > KILL_FACTOR * ceilingBytes;
    },
  };
}
