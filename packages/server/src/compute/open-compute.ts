import { join, resolve } from "node:path";
import { openComputePlane, type MonitoredComputePlane, openResultCache, type OpenResultCache } from "@stargate/compute";
import type { Log } from "@stargate/kernel";
import type { LoadedConfig } from "../config/load-config.ts";
import { createFetchGate, type FetchGate } from "../host/fetch/gated-fetch.ts";
import { createNodeClock } from "../host/node-clock.ts";
import { openModelStore, type OpenModelStore } from "./open-model-store.ts";

export interface OpenComputeOptions {
  readonly log: Log;
  readonly secret: (tenant: string, name: string) => string | undefined;
}

/** What a gate computes with: models, the plane that runs them, and results that need not be computed again. */
export interface OpenCompute {
  readonly models: OpenModelStore;
  readonly plane: MonitoredComputePlane;
  /** Undefined when keeping results is switched off. */
  readonly results: OpenResultCache | undefined;
  /** The way to servers of models. */
  readonly fetchGate: FetchGate;
}

/** Opens model store, compute plane and result cache of a configuration. Nothing is started before the first model call. */
export async function openCompute(
  { config, directory }: Pick<LoadedConfig, "config" | "directory">,
  { log, secret }: OpenComputeOptions,
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
  return { models, plane, results: await openResults({ config, directory }, log), fetchGate };
}

async function openResults(
  { config, directory }: Pick<LoadedConfig, "config" | "directory">,
  log: Log,
): Promise<OpenResultCache | undefined> {
  const { enabled, persist, maxMemoryBytes, maxDiskBytes, maxAgeSeconds, worthMs } = config.results;
  if (!enabled) return undefined;
  return openResultCache({
    clock: createNodeClock(),
    log,
    folder: persist ? resolve(directory, config.state.directory, "results") : undefined,
    maxMemoryBytes,
    maxFolderBytes: maxDiskBytes,
    maxAgeMs: maxAgeSeconds * 1000,
    worthMs,
  });
}
