import type { DeviceKind, ModelSignature, TensorMap } from "@stargate/kernel";
import { createPoolBreaker } from "../src/resilience/pool-breaker.ts";
import { poolConfigSchema } from "../src/plane/compute-config.ts";
import type { OpenPool } from "../src/plane/open-pool.ts";
import type { Pool, PoolJob, PoolTelemetry } from "../src/pools/pool.ts";
import type { Clock } from "@stargate/kernel";

export interface ScriptedPoolOptions {
  readonly clock: Clock;
  readonly config?: object | undefined;
  readonly deviceKind?: DeviceKind | undefined;
  readonly watts?: number | undefined;
  readonly telemetry?: Partial<PoolTelemetry> | undefined;
  readonly signature?: ModelSignature | undefined;
  /** What the pool does with a job; echoes its inputs after 10 ms of the clock when absent. */
  readonly answer?: ((job: PoolJob) => Promise<TensorMap>) | undefined;
}

/** A pool that does what a test says: for tests of what stands above pools. */
export interface ScriptedPool extends OpenPool {
  readonly jobs: readonly PoolJob[];
  /** Names of the variants that are loaded. */
  readonly loaded: ReadonlySet<string>;
}

export function scriptedPool(id: string, options: ScriptedPoolOptions): ScriptedPool {
  const { clock, deviceKind = "cpu", watts, telemetry, signature } = options;
  const jobs: PoolJob[] = [];
  const loaded = new Set<string>();
  const answer =
    options.answer ?? ((job) => new Promise<TensorMap>((resolve) => void clock.timer(10, () => resolve(job.inputs))));
  const pool: Pool = {
    id,
    backend: "scripted",
    device: id,
    formats: ["scripted"],
    async submit(job) {
      jobs.push(job);
      const startedMs = clock.nowMs();
      const outputs = await abortable(answer(job), job.signal);
      loaded.add(job.located.variant.name);
      return {
        outputs,
        device: id,
        deviceKind,
        batchItems: 2,
        ownItems: 1,
        queueMs: 0,
        runMs: clock.nowMs() - startedMs,
        coldMs: 0,
      };
    },
    telemetry: () => ({ atMs: clock.nowMs(), slots: 1, busySlots: 0, queuedJobs: 0, backlogMs: 0, ...telemetry }),
    signature: () => signature,
    isLoaded: ({ variant }) => loaded.has(variant.name),
    async load({ variant }) {
      loaded.add(variant.name);
      return signature ?? { inputs: [], outputs: [] };
    },
    close: async () => {},
  };
  return {
    pool,
    config: poolConfigSchema.parse({ backend: "scripted", ...options.config }),
    deviceKind,
    breaker: createPoolBreaker(clock),
    slotPower: () => (watts === undefined ? undefined : { watts, basis: "declared" }),
    gramsPerKwh: () => undefined,
    jobs,
    loaded,
  };
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    signal.addEventListener("abort", () => reject(signal.reason as Error)); // the plane aborts with errors
  });
}
