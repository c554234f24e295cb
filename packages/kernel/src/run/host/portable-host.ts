import type { Clock, Host } from "../../contract/host.ts";
import { noCompute } from "../../compute/no-compute.ts";
import type { TaskContext } from "../../contract/offload.ts";
import type { Log } from "../../contract/run-context.ts";
import type { Offload } from "../../contract/offload.ts";
import { fail } from "../../errors/catalog.ts";
import { createMemoryScratch } from "./memory-scratch.ts";

export interface PortableHostOptions extends Partial<Host> {
  /** Bytes a run may keep in its temporary place. Default 256 MiB. */
  readonly scratchBytes?: number | undefined;
}

const DEFAULT_SCRATCH_BYTES = 256 * 1024 * 1024;

/** Real time: `performance.now` and `setTimeout`. */
export const systemClock: Clock = Object.freeze({
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer(ms: number, callback: () => void) {
    const handle = setTimeout(callback, ms);
    return () => clearTimeout(handle);
  },
});

const silentLog: Log = Object.freeze({ debug() {}, info() {}, warn() {}, error() {} });

/** Runs a task on this thread, from its module. */
const offloadInline: Offload = async (task, input, options = {}) => {
  const module = (await import(/* @vite-ignore */ task.module)) as Record<string, unknown>; // a module namespace
  const run = module[task.export];
  if (typeof run !== "function")
    throw fail("SG_OFFLOAD_FAILED", `Module ${task.module} has no function "${task.export}"`);
  const context: TaskContext = {
    signal: options.signal ?? new AbortController().signal,
    progress: (message) => options.onProgress?.(message),
    transfer: () => undefined, // the caller is on this thread
  };
  return run(input, context) as never; // the task carries the function's types
};

/**
 * A host for any JavaScript platform: tasks run inline, scratch lives in memory, nothing reaches a network and
 * there are no models. Pass overrides for what the platform can do better.
 */
export function createPortableHost({
  scratchBytes = DEFAULT_SCRATCH_BYTES,
  ...overrides
}: PortableHostOptions = {}): Host {
  return {
    clock: systemClock,
    log: silentLog,
    randomId: () => crypto.randomUUID().replaceAll("-", ""),
    offload: offloadInline,
    fetch: (input) =>
      Promise.reject(
        fail(
          "SG_FETCH_DENIED",
          `This host reaches no network: ${String(input instanceof URL ? input.origin : input)}`,
          { hint: "Pass a host whose fetch allows the address." },
        ),
      ),
    compute: noCompute,
    openScratch: () => createMemoryScratch(scratchBytes),
    secret: () => undefined,
    ...overrides,
  };
}
