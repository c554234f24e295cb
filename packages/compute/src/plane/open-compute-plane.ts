import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  type ComputeBackend,
  type DeviceKind,
  type GatedFetch,
  isStargateError,
  type Log,
  type ProbeOptions,
} from "@stargate/kernel";
import { createCanaryCheck } from "../hosts/canary/canary-check.ts";
import { modelHosts } from "../hosts/open-model-hosts.ts";
import { createPool } from "../pools/create-pool.ts";
import type { PoolObserver } from "../pools/pool-events.ts";
import { Quarantine } from "../pools/quarantine.ts";
import { createPoolBreaker } from "../resilience/pool-breaker.ts";
import { createRouter } from "../route/create-router.ts";
import { createDecisionFile } from "../route/record/decision-file.ts";
import type { ModelStore } from "../store/model-store.ts";
import type { ComputeConfig } from "./compute-config.ts";
import { createComputePlane, type OpenComputePlane } from "./create-compute-plane.ts";
import type { OpenPool } from "./open-pool.ts";
import { type PoolPlan, planPools, type ProbedBackend } from "./plan-pools.ts";
import { openRouterState } from "./router-state.ts";

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

/** Time a backend has to say what devices there are. */
const PROBE_MS = 10_000;
/** Calls under way to one server, when its operator says nothing. */
const REMOTE_SLOTS = 32;

/**
 * Opens the compute plane of one machine. Backends and models come with the adapters (`attach`, which a gate does);
 * devices are looked at and hosts are started when the first model is asked for.
 * @example
 * await using plane = await openComputePlane({ config: computeConfigSchema.parse({}), store, clock, idleClock: clock, log, folder });
 * const gate = await openGate({ adapters: [onnx(), vision()], host: createPortableHost({ compute: plane }) });
 */
export async function openComputePlane(options: ComputePlaneOptions): Promise<OpenComputePlane> {
  const { clock, idleClock, log, config, store, folder } = options;
  const state = await openRouterState({ path: join(folder, "router.json"), clock: idleClock, log });
  const { exploration } = config;
  const decisions = createDecisionFile({ path: join(folder, "decisions.jsonl"), log });
  const router = createRouter({
    clock: idleClock,
    random: Math.random,
    exploration,
    log,
    state: state.loaded,
    onRecord: config.logDecisions ? decisions.add : undefined,
  });
  state.keep(router);
  const quarantine = new Quarantine(clock);
  const openPools = async (backends: readonly ComputeBackend[]): Promise<readonly OpenPool[]> => {
    const probed = await Promise.all(backends.map((backend) => probeBackend(backend, options)));
    return planPools(config, probed.flat()).map((plan) => openPool(plan, quarantine, options));
  };
  const closed = async (): Promise<void> => {
    await state.close();
    await decisions.flush();
  };
  return createComputePlane({ clock, log, random: Math.random, config, store, router, openPools, decisions, closed });
}

/** What a backend has; nothing, and a word in the log, when it cannot even say that. */
async function probeBackend(backend: ComputeBackend, options: ComputePlaneOptions): Promise<readonly ProbedBackend[]> {
  const { fetch, secret, log } = options;
  try {
    return [{ backend, probe: await backend.probe({ signal: AbortSignal.timeout(PROBE_MS), fetch, secret }) }];
  } catch (error) {
    if (!isStargateError(error)) throw error;
    log.warn("A compute backend cannot be used", { backend: backend.id, code: error.code, reason: error.message });
    return [];
  }
}

function openPool(plan: PoolPlan, quarantine: Quarantine, options: ComputePlaneOptions): OpenPool {
  const { id, backend, device, config, version } = plan;
  const { clock, idleClock, log, fetch, secret, observe, folder } = options;
  const { keepAliveSeconds, carbonGramsPerKwh } = options.config;
  const keepAliveMs = keepAliveSeconds === "forever" ? Infinity : keepAliveSeconds * 1000;
  const waits = backend.factory === undefined;
  const slots = config.slots ?? usualSlots(device.kind);
  const pool = createPool({
    id,
    backend: backend.id,
    device: device.id,
    formats: backend.formats,
    slots: waits ? 1 : slots,
    runsPerHost: waits ? slots : 1,
    abortRuns: waits,
    openHost: modelHosts(backend, {
      clock: idleClock,
      log,
      isolation: config.host,
      memoryCeilingBytes: config.maxHostBytes,
      fetch,
      secret,
    }),
    clock,
    idleClock,
    keepAliveMs: () => keepAliveMs,
    quarantine,
    observe,
    canary: waits
      ? undefined
      : createCanaryCheck({ folder: join(folder, "canaries"), engine: `${backend.id} ${version}`, log }),
  });
  return {
    pool,
    config,
    deviceKind: device.kind,
    breaker: createPoolBreaker(clock),
    slotPower: () => (config.watts === undefined ? undefined : { watts: config.watts, basis: "declared" }),
    gramsPerKwh(hour) {
      const intensity = carbonGramsPerKwh[config.region ?? ""];
      return typeof intensity === "number" ? intensity : intensity?.[hour];
    },
  };
}

/** One thread per core computes more than several threads together; an accelerator serves one run at a time. */
function usualSlots(kind: DeviceKind): number {
  if (kind === "remote") return REMOTE_SLOTS;
  return kind === "cpu" ? availableParallelism() : 1;
}
