import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { DeviceKind } from "@stargate/kernel";
import type { PowerMeters } from "../energy/open-power.ts";
import type { FlopsLearner } from "../flops/flops-learner.ts";
import { createCanaryCheck } from "../hosts/canary/canary-check.ts";
import { modelHosts } from "../hosts/open-model-hosts.ts";
import type { PoolSnapshot } from "../monitor/compute-snapshot.ts";
import { PoolMonitor } from "../monitor/pool-monitor.ts";
import { createPool, type HostPool } from "../pools/create-pool.ts";
import type { PoolRunEvent } from "../pools/pool-events.ts";
import type { Quarantine } from "../pools/quarantine.ts";
import { AdaptiveLimit } from "../resilience/adaptive-limit.ts";
import { createPoolBreaker } from "../resilience/pool-breaker.ts";
import type { ComputeConfig } from "./compute-config.ts";
import type { ComputePlaneOptions } from "./compute-plane-options.ts";
import type { OpenPool } from "./open-pool.ts";
import type { PoolPlan } from "./plan-pools.ts";

/** What all pools of a plane share. */
export interface SharedByPools {
  readonly options: ComputePlaneOptions;
  readonly quarantine: Quarantine;
  readonly meters: PowerMeters;
  readonly flops: FlopsLearner;
}

/** A pool, and what it is doing. */
export interface MonitoredPool extends OpenPool {
  snapshot(): PoolSnapshot;
}

/** A device that comes back is used again within five seconds; one that stays away costs one start in that time. */
const LONGEST_RESTART_PAUSE_MS = 4000;
/** Most calls under way to one server, when its operator says nothing; how many it takes well is learned. */
const REMOTE_SLOTS = 64;

/** Opens a pool with everything that looks after it: canary, breaker, energy, operations, counts. */
export async function openPlannedPool(plan: PoolPlan, shared: SharedByPools): Promise<MonitoredPool> {
  const { id, backend, device, config, version } = plan;
  const { options, quarantine, meters, flops } = shared;
  const { clock, idleClock, log, fetch, secret, observe, folder } = options;
  const { keepAliveSeconds } = options.config;
  const keepAliveMs = keepAliveSeconds === "forever" ? Infinity : keepAliveSeconds * 1000;
  const waits = backend.factory === undefined;
  const slots = config.slots ?? usualSlots(device.kind);
  const gramsPerKwh = carbonOf(options.config, config.region);
  const powered = { device: device.id, deviceKind: device.kind, slots, declaredWatts: config.watts };
  const energy = await meters.energyOf(powered);
  const monitor = new PoolMonitor({
    clock,
    energy,
    deviceKind: device.kind,
    slots,
    gramsPerKwh: () => gramsPerKwh(new Date(clock.epochMs()).getUTCHours()),
    flopsOf: (key) => flops.perItem(key),
  });
  const remote = new AdaptiveLimit({ maximum: slots });
  const pool = createPool({
    id,
    backend: backend.id,
    device: device.id,
    formats: backend.formats,
    slots: waits ? 1 : slots,
    runsPerHost: waits ? () => remote.limit : 1,
    abortRuns: waits,
    stopsRuns: ({ spec }) => spec.format.endsWith("-program"),
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
    restart: { maxPauseMs: LONGEST_RESTART_PAUSE_MS, restMs: LONGEST_RESTART_PAUSE_MS },
    quarantine,
    observe(event) {
      monitor.observe(event);
      if (waits && event.kind === "run") learnLimit(remote, event, pool);
      observe?.(event);
    },
    meterRun(run) {
      if (!waits) flops.saw(run);
      return monitor.beginRun();
    },
    canary: waits
      ? undefined
      : createCanaryCheck({ folder: join(folder, "canaries"), engine: `${backend.id} ${version}`, log }),
  });
  return {
    pool,
    config,
    deviceKind: device.kind,
    breaker: createPoolBreaker(clock),
    slotPower: () => energy.slotPower,
    gramsPerKwh,
    snapshot: () => monitor.snapshot(pool),
  };
}

/** A server says nothing of its queue: how many calls it takes well is learned from how long they take. */
function learnLimit(limit: AdaptiveLimit, { outcome, busyMs }: PoolRunEvent, pool: HostPool): void {
  if (outcome === "ok") limit.answered(busyMs, pool.telemetry().busySlots);
  else limit.dropped();
}

/** Carbon intensity of a region by the hour of the day, UTC. */
function carbonOf({ carbonGramsPerKwh }: ComputeConfig, region: string | undefined): OpenPool["gramsPerKwh"] {
  const intensity = carbonGramsPerKwh[region ?? ""];
  return (hour) => (typeof intensity === "number" ? intensity : intensity?.[hour]);
}

/** One thread per core computes more than several threads together; an accelerator serves one run at a time. */
function usualSlots(kind: DeviceKind): number {
  if (kind === "remote") return REMOTE_SLOTS;
  return kind === "cpu" ? availableParallelism() : 1;
}
