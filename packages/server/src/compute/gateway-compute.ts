import { resolve } from "node:path";
import type { OpenResultCache } from "@stargate/compute";
import type { ComputePlane, Log, ResultCache } from "@stargate/kernel";
import type { LoadedConfig } from "../config/load-config.ts";
import { createNodeClock } from "../host/node-clock.ts";
import type { OpenCompute } from "./open-compute.ts";

export interface GatewayComputeOptions {
  readonly log: Log;
  readonly secret: (tenant: string, name: string) => string | undefined;
}

/**
 * What a gateway computes with, loaded when it is first needed: one that only reads documents never pays for it, and no
 * gateway waits for it before it is ready.
 */
export interface GatewayCompute extends AsyncDisposable {
  /** For the kernel's host: opens the compute plane with the first model call. */
  readonly plane: ComputePlane;
  /** For the kernel's host; undefined when keeping results is switched off. */
  readonly results: ResultCache | undefined;
  open(): Promise<OpenCompute>;
  /** Undefined as long as nobody has needed it. */
  readonly opened: OpenCompute | undefined;
}

export function createGatewayCompute(
  loaded: Pick<LoadedConfig, "config" | "directory">,
  options: GatewayComputeOptions,
): GatewayCompute {
  const contributions: Parameters<NonNullable<ComputePlane["attach"]>>[0][] = [];
  const results = lazyResults(loaded, options.log);
  let opened: OpenCompute | undefined;
  let opening: Promise<OpenCompute> | undefined;

  const load = async (): Promise<OpenCompute> => {
    const { openCompute } = await import("./open-compute.ts");
    const compute = await openCompute(loaded, options);
    for (const each of contributions) compute.plane.attach(each);
    opened = compute;
    return compute;
  };
  const open = (): Promise<OpenCompute> => {
    opening ??= load().catch((error: unknown) => {
      opening = undefined; // the next call tries again
      throw error;
    });
    return opening;
  };

  return {
    plane: {
      run: async (call) => (opened ?? (await open())).plane.run(call),
      assets: async (model, assetOptions) => (await open()).plane.assets(model, assetOptions),
      chooseRung: (choice) => opened?.plane.chooseRung(choice),
      digest: async (model, variant) => (await open()).plane.digest(model, variant),
      attach: (contribution) => void contributions.push(contribution),
    },
    results: results.cache,
    open,
    get opened() {
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose](); // what did not open needs no closing
      await results.settled();
    },
  };
}

interface LazyResults {
  readonly cache: ResultCache | undefined;
  settled(): Promise<void>;
}

/** The cache of kept results, opened by the first step that is worth keeping. */
function lazyResults({ config, directory }: Pick<LoadedConfig, "config" | "directory">, log: Log): LazyResults {
  const { enabled, persist, maxMemoryBytes, maxDiskBytes, maxAgeSeconds, worthMs } = config.results;
  if (!enabled) return { cache: undefined, settled: async () => {} };
  let opening: Promise<OpenResultCache> | undefined;
  const open = async (): Promise<OpenResultCache> => {
    const { openResultCache } = await import("@stargate/compute/results");
    return openResultCache({
      clock: createNodeClock(),
      log,
      folder: persist ? resolve(directory, config.state.directory, "results") : undefined,
      maxMemoryBytes,
      maxFolderBytes: maxDiskBytes,
      maxAgeMs: maxAgeSeconds * 1000,
    });
  };
  return {
    cache: {
      worthMs,
      get: async (tenant, key) => (await (opening ??= open())).get(tenant, key),
      put: (tenant, key, result, options) => void opening?.then((cache) => cache.put(tenant, key, result, options)),
    },
    settled: async () => (await opening?.catch(() => undefined))?.settled(),
  };
}
