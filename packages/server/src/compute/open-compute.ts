import { join, resolve } from "node:path";
import { openComputePlane, type MonitoredComputePlane } from "@stargate/compute";
import type { LoadedConfig } from "../config/load-config.ts";
import { createFetchGate } from "../host/fetch/gated-fetch.ts";
import { createNodeClock } from "../host/node-clock.ts";
import type { GatewayComputeOptions } from "./gateway-compute.ts";
import { openModelStore, type OpenModelStore } from "./open-model-store.ts";

/** What a gate computes with: models, and the plane that runs them. */
export interface OpenCompute extends AsyncDisposable {
  readonly models: OpenModelStore;
  readonly plane: MonitoredComputePlane;
}

/** Opens model store and compute plane of a configuration. Nothing is started before the first model call. */
export async function openCompute(
  { config, directory }: Pick<LoadedConfig, "config" | "directory">,
  { log, secret }: GatewayComputeOptions,
): Promise<OpenCompute> {
  const folder = resolve(directory, config.state.directory);
  const clock = createNodeClock();
  const models = openModelStore({ config, directory }, { clock });
  // A gate of its own: a model may answer for as long as a run may take. Its backend gives up what falls silent.
  const fetchGate = createFetchGate({
    allow: config.allow.hosts,
    allowNetworks: config.allow.networks,
    timeoutMs: config.limits.maxRunMs,
  });
  const plane = await openComputePlane({
    config: config.compute,
    store: models.store,
    clock,
    idleClock: createNodeClock({ keepAlive: false }),
    log,
    folder: join(folder, "compute"),
    fetch: fetchGate.fetch,
    secret: (name) => secret("default", name),
  });
  return {
    models,
    plane,
    async [Symbol.asyncDispose]() {
      await plane[Symbol.asyncDispose]();
      await models[Symbol.asyncDispose]();
      fetchGate.close();
    },
  };
}
