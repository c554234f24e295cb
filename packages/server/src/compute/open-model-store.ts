import { delimiter, join, resolve } from "node:path";
import { createModelStore, type ManagedModelStore, modelSpecsOf } from "@stargate/compute";
import type { Clock } from "@stargate/kernel";
import type { LoadedConfig } from "../config/load-config.ts";
import { createFetchGate } from "../host/fetch/gated-fetch.ts";

export interface OpenModelStore extends AsyncDisposable {
  readonly store: ManagedModelStore;
  /** The store's own folder. */
  readonly folder: string;
  /** Folders of files that are used where they lie. */
  readonly folders: readonly string[];
}

/** Timers cannot count further, and a download has no time limit: the store gives up what stalls. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** Opens the model store of a configuration. Touches neither disk nor network before it is asked something. */
export function openModelStore(
  { config, directory }: Pick<LoadedConfig, "config" | "directory">,
  {
    clock,
    environment = process.env,
  }: { readonly clock: Clock; readonly environment?: Readonly<Record<string, string | undefined>> },
): OpenModelStore {
  const { models, allow, state } = config;
  const folder = resolve(directory, models.directory ?? join(state.directory, "models"));
  const folders = [
    ...foldersIn(environment["STARGATE_MODELS"]),
    ...models.folders.map((path) => resolve(directory, path)),
  ];
  // A gate of its own: model files are large, slow, and come from other hosts than the inputs of requests.
  const gate = createFetchGate({
    allow: [...models.hosts, ...allow.hosts],
    allowNetworks: allow.networks,
    maxResponseBytes: models.maxFileBytes,
    timeoutMs: NO_LIMIT_MS,
  });
  const store = createModelStore({
    folder,
    folders,
    models: modelSpecsOf(models.declare, directory),
    policy: { mode: models.fetch, allow: models.allow, accept: models.accept },
    fetch: models.fetch === "never" ? undefined : gate.fetch,
    mirrors: models.mirrors,
    maxFileBytes: models.maxFileBytes,
    clock,
  });
  return {
    store,
    folder,
    folders,
    async [Symbol.asyncDispose]() {
      gate.close();
      await store.close();
    },
  };
}

/** "a:b" (on Windows "a;b"), as in PATH. */
function foldersIn(list = ""): readonly string[] {
  return list.split(delimiter).filter((folder) => folder !== "");
}
