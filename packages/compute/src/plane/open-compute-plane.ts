import { join } from "node:path";
import type { ComputeBackend } from "@stargate/kernel";
import { createPowerMeters } from "../energy/open-power.ts";
import { FlopsLearner } from "../flops/flops-learner.ts";
import { createFlopsStore } from "../flops/flops-store.ts";
import type { ComputeSnapshot } from "../monitor/compute-snapshot.ts";
import type { PoolTelemetry } from "../pools/pool.ts";
import { Quarantine } from "../pools/quarantine.ts";
import { createRouter } from "../route/create-router.ts";
import { createDecisionFile } from "../route/record/decision-file.ts";
import type { ComputePlaneOptions } from "./compute-plane-options.ts";
import { createComputePlane, type OpenComputePlane } from "./create-compute-plane.ts";
import { countInHost } from "./count-in-host.ts";
import { type MonitoredPool, openPlannedPool } from "./open-planned-pool.ts";
import { planPools } from "./plan-pools.ts";
import { probeBackend } from "./probe-backend.ts";
import { openRouterState } from "./router-state.ts";

/** A compute plane that says what it is doing. */
export interface MonitoredComputePlane extends OpenComputePlane {
  /** Of the pools that are open; `pools()` opens them. */
  snapshot(): ComputeSnapshot;
}

/**
 * Opens the compute plane of one machine. Backends and models come with the adapters (`attach`, which a gate does);
 * devices are looked at and hosts are started when the first model is asked for.
 * @example
 * await using plane = await openComputePlane({ config: computeConfigSchema.parse({}), store, clock, idleClock: clock, log, folder });
 * const gate = await openGate({ adapters: [onnx(), vision()], host: createPortableHost({ compute: plane }) });
 */
export async function openComputePlane(options: ComputePlaneOptions): Promise<MonitoredComputePlane> {
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
  const meters = createPowerMeters({ clock, idleClock, log });
  let pools: readonly MonitoredPool[] = [];
  let backends: readonly ComputeBackend[] = [];
  const flops = new FlopsLearner({
    clock: idleClock,
    log,
    store: createFlopsStore(join(folder, "flops")),
    isIdle: () => pools.every(({ pool }) => isIdle(pool.telemetry())),
    count: (located, inputs, { signal }) => {
      const backend = backends.find(({ formats, factory }) => factory && formats.includes(located.spec.format));
      if (backend?.factory === undefined) return Promise.resolve(undefined);
      return countInHost(located, inputs, {
        factory: backend.factory,
        name: backend.id,
        clock: idleClock,
        log,
        signal,
      });
    },
  });
  const openPools = async (attached: readonly ComputeBackend[]): Promise<readonly MonitoredPool[]> => {
    const probed = await Promise.all(attached.map((backend) => probeBackend(backend, options)));
    const plans = planPools(config, probed.flat());
    backends = attached;
    pools = await Promise.all(plans.map((plan) => openPlannedPool(plan, { options, quarantine, meters, flops })));
    return pools;
  };
  const closed = async (): Promise<void> => {
    meters.close();
    await flops.close();
    await state.close();
    await decisions.flush();
  };
  const random = Math.random;
  const plane = createComputePlane({ clock, log, random, config, store, router, openPools, decisions, closed });
  return Object.assign(plane, {
    snapshot: (): ComputeSnapshot => ({
      at: new Date(clock.epochMs()).toISOString(),
      pools: pools.map((pool) => pool.snapshot()),
    }),
  });
}

function isIdle({ busySlots, queuedJobs }: PoolTelemetry): boolean {
  return busySlots === 0 && queuedJobs === 0;
}
