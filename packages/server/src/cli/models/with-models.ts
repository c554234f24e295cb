import type { AnyTransform, ModelSpec } from "@stargate/kernel";
import { adapterEntries, loadAdapter } from "../../composition-root.ts";
import { openModelStore, type OpenModelStore } from "../../compute/open-model-store.ts";
import { loadConfig, type LoadedConfig } from "../../config/load-config.ts";
import { createNodeClock } from "../../host/node-clock.ts";
import type { Terminal } from "../terminal.ts";

export interface ModelsSession extends OpenModelStore {
  readonly loaded: LoadedConfig;
}

/**
 * Runs one command on the model store of the configuration, which knows the models of its adapters. An adapter that
 * cannot be opened is named on stderr and left out: models of others can still be pulled.
 */
export async function withModels<T>(
  terminal: Terminal,
  configFile: string | undefined,
  use: (session: ModelsSession) => Promise<T>,
): Promise<T> {
  const loaded = await loadConfig({ file: configFile, directory: terminal.directory });
  await using opened = openModelStore(loaded, { clock: createNodeClock(), environment: terminal.environment });
  const { specs, failures } = await modelsOfAdapters(loaded);
  for (const failure of failures) terminal.err(`warning: ${failure}\n`);
  opened.store.declare(specs);
  return await use({ ...opened, loaded });
}

/** What the configured adapters declare, and what went wrong with those that cannot be opened. */
export async function modelsOfAdapters({ config, directory }: Pick<LoadedConfig, "config" | "directory">): Promise<{
  readonly specs: readonly ModelSpec[];
  readonly transforms: readonly AnyTransform[];
  readonly failures: readonly string[];
}> {
  const specs: ModelSpec[] = [];
  const transforms: AnyTransform[] = [];
  const failures: string[] = [];
  for (const entry of adapterEntries(config)) {
    try {
      const adapter = await loadAdapter(entry, config.limits, directory);
      specs.push(...adapter.models);
      transforms.push(...adapter.transforms);
      await adapter.close?.();
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { specs, transforms, failures };
}
