import type { ComputeBackend, GatedFetch, LoadedModel, LoadOptions, ModelSource, Tensor } from "@stargate/kernel";
import { createOpenInferenceBackend } from "../src/open-inference-backend.ts";
import { type OpenInferenceOptionsInput, openInferenceOptionsSchema } from "../src/open-inference-options.ts";

export const live = new AbortController().signal;

/** The global fetch stands in for the host's gate: the tests' servers are on this machine. */
export const lent: { readonly fetch: GatedFetch } = { fetch: (input, init) => fetch(input, init) };

type ClosableBackend = ComputeBackend & { readonly close: () => Promise<void> };

/** A backend that is always lent a network, as the plane does. */
export function createBackend(options: OpenInferenceOptionsInput, more: Partial<LoadOptions> = {}): ClosableBackend {
  const backend = createOpenInferenceBackend(openInferenceOptionsSchema.parse({ grpc: "allow", ...options }));
  return {
    ...backend,
    close: async () => backend.close?.(),
    probe: (probe) => backend.probe({ ...lent, ...more, ...probe }),
    load: (source, load) => backend.load(source, { ...lent, ...more, ...load }),
  };
}

export const sourceOf = (id: string, settings: ModelSource["settings"] = {}): ModelSource => ({
  id,
  format: "open-inference",
  files: {},
  settings,
});

export const floats = (...values: number[]): Tensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Loads a model of a server; `await using` unloads it. */
export async function loadFrom(
  url: string,
  id: string,
  options: Partial<LoadOptions> = {},
): Promise<LoadedModel & AsyncDisposable> {
  const backend = createBackend({ servers: { test: url } });
  const model = await backend.load(sourceOf(id), { signal: live, ...options });
  return { ...model, [Symbol.asyncDispose]: () => backend.close() };
}
