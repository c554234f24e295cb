import { type Adapter, defineAdapter, type JsonObject, type ModelSpec, parseStrictly } from "@stargate/kernel";
import { createOpenInferenceBackend, FORMAT } from "./open-inference-backend.ts";
import {
  type ModelOptions,
  type OpenInferenceOptionsInput,
  openInferenceOptionsSchema,
} from "./open-inference-options.ts";

/**
 * Models on servers that speak the Open Inference Protocol: Triton, KServe, MLServer, OpenVINO Model Server, another
 * Stargate. The backend "open-inference", and a model for each that the options name. Nothing is asked of a server before
 * the first probe or model. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({
 *   adapters: [openInference({ servers: { triton: "http://127.0.0.1:8000" }, models: { resnet50: {} } })],
 * });
 */
export function openInference(input: OpenInferenceOptionsInput = {}): Adapter {
  const options = parseStrictly("Options of the open-inference adapter", openInferenceOptionsSchema, input);
  const backend = createOpenInferenceBackend(options);
  return defineAdapter({
    spec: 1,
    id: "open-inference",
    version: "0.1.0",
    summary: "Models on servers that speak the Open Inference Protocol (KServe v2, Triton)",
    backends: [backend],
    models: Object.entries(options.models).map(([id, model]) => modelSpec(id, model)),
    close: async () => backend.close?.(),
  });
}

function modelSpec(id: string, { batching, licence, quality, ...settings }: ModelOptions): ModelSpec {
  return {
    id,
    version: settings.version ?? "1",
    summary: `"${settings.name ?? id}" on ${settings.server === undefined ? "any server" : `the server "${settings.server}"`}`,
    licence,
    format: FORMAT,
    variants: [{ name: "remote", quality, files: [] }],
    signature: settings.signature,
    settings: settings as unknown as JsonObject, // parsed from JSON; absent members are undefined
    batching,
  };
}
