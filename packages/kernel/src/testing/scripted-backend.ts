import type {
  BackendDevice,
  ComputeBackend,
  LoadedModel,
  ModelSignature,
  TensorMap,
} from "../contract/compute-backend.ts";
import { checkTensors } from "../compute/check-tensors.ts";
import { defineBackend } from "../define/define-backend.ts";
import { fail } from "../errors/catalog.ts";

/** What the backend does with one run. */
export type ScriptedRun =
  | { readonly kind: "answer" }
  | { readonly kind: "fail"; readonly error: unknown }
  | { readonly kind: "hang" };

export interface ScriptedModel {
  readonly signature: ModelSignature;
  compute(inputs: TensorMap): TensorMap;
}

export interface ScriptedBackendOptions {
  readonly id?: string | undefined;
  readonly devices?: readonly BackendDevice[] | undefined;
  readonly models: Readonly<Record<string, ScriptedModel>>;
  /** One entry per run, in order; runs beyond its end are answered. */
  readonly script?: readonly ScriptedRun[] | undefined;
}

/** A backend whose every run is told beforehand what to do: for tests of what stands above backends. */
export interface ScriptedBackend extends ComputeBackend {
  readonly calls: readonly { readonly model: string; readonly device: string; readonly inputs: TensorMap }[];
}

const cpu: BackendDevice = { id: "cpu", kind: "cpu", available: true };

/**
 * Makes a scripted backend. It keeps the contract of backends (`describeBackend` passes it), so a test
 * that uses it sees what a real one would do.
 */
export function createScriptedBackend(options: ScriptedBackendOptions): ScriptedBackend {
  const devices = options.devices ?? [cpu];
  const calls: { model: string; device: string; inputs: TensorMap }[] = [];
  const id = options.id ?? "scripted";
  const backend = defineBackend({
    id,
    version: "1.0.0",
    summary: "Does what a script says",
    formats: ["scripted"],
    probe: async () => ({ backend: id, version: "1.0.0", devices }),
    load: async (source, { device, signal }) => {
      signal.throwIfAborted();
      const model = source.format === "scripted" ? options.models[source.id] : undefined;
      if (model === undefined)
        throw fail("SG_COMPUTE_MODEL", `Backend "${id}" cannot load "${source.id}" (format ${source.format})`);
      const wanted = device ?? devices.find(({ available }) => available)?.id;
      const found = devices.find((one) => one.id === wanted);
      if (found?.available !== true)
        throw fail(
          "SG_COMPUTE_DEVICE",
          `Device "${wanted ?? "any"}" is not available: ${found?.reason ?? "there is no such device"}`,
        );
      return scriptedModel({
        name: source.id,
        device: found.id,
        model,
        nextRun: () => options.script?.[calls.length] ?? { kind: "answer" },
        calls,
      });
    },
  });
  return Object.freeze({ ...backend, calls });
}

function scriptedModel({
  name,
  device,
  model,
  nextRun,
  calls,
}: {
  name: string;
  device: string;
  model: ScriptedModel;
  nextRun: () => ScriptedRun;
  calls: { model: string; device: string; inputs: TensorMap }[];
}): LoadedModel {
  const running = new Set<Promise<unknown>>();
  let loaded = true;
  const run = async (inputs: TensorMap, signal: AbortSignal): Promise<TensorMap> => {
    const next = nextRun();
    calls.push({ model: name, device, inputs });
    if (next.kind === "fail") throw next.error;
    if (next.kind === "hang") await aborted(signal);
    // One turn of the event loop, as any real engine takes.
    await Promise.resolve();
    return model.compute(inputs);
  };
  return {
    signature: model.signature,
    device,
    run: async (inputs, { signal }) => {
      signal.throwIfAborted();
      if (!loaded) throw fail("SG_COMPUTE_CLOSED", `Model "${name}" has been unloaded`);
      checkTensors(name, model.signature, inputs);
      const pending = run(inputs, signal);
      running.add(pending);
      return pending.finally(() => running.delete(pending));
    },
    unload: async () => {
      loaded = false;
      await Promise.allSettled(running);
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
