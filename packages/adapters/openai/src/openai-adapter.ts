import { type Adapter, defineAdapter, type JsonObject, type ModelSpec, parseStrictly } from "@stargate/kernel";
import { createOpenaiBackend, FORMAT, kinds, serverNameOf } from "./openai-backend.ts";
import {
  defaultStallMs,
  type OpenaiModelSettings,
  type OpenaiOptions,
  type OpenaiOptionsInput,
  openaiOptionsSchema,
} from "./openai-options.ts";
import { chatTransform } from "./transforms/chat.ts";
import { embedTransform } from "./transforms/embed.ts";
import { summariseTransforms } from "./transforms/summarise.ts";

/**
 * Models on servers that speak the OpenAI protocol: llama.cpp, vLLM, Ollama, speaches. The backend "openai"; a model for
 * each that the options name; `openai.chat`, `openai.summarise` and `openai.embed` as soon as they name one of that kind.
 * Nothing is asked of a server before the first probe or model. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({
 *   adapters: [
 *     openai({
 *       servers: { local: { baseUrl: "http://127.0.0.1:11434/v1" } },
 *       models: { "nomic-embed-text": { server: "local", model: "nomic-embed-text", kind: "embeddings" } },
 *     }),
 *   ],
 * });
 */
export function openai(input: OpenaiOptionsInput = {}): Adapter {
  const options = withNamedServers(parseStrictly("Options of the openai adapter", openaiOptionsSchema, input));
  const backend = createOpenaiBackend(options);
  const named = (kind: OpenaiModelSettings["kind"]): readonly string[] =>
    Object.entries(options.models).flatMap(([id, settings]) => (settings.kind === kind ? [id] : []));
  return defineAdapter({
    spec: 1,
    id: "openai",
    version: "0.1.0",
    summary: "Models on OpenAI-compatible servers; a cut stream is a failure, never an answer",
    backends: [backend],
    models: Object.entries(options.models).map(([id, settings]) => modelSpec(id, settings)),
    transforms: [
      ...chatTransform(named("chat")),
      ...summariseTransforms(named("chat")),
      ...embedTransform(named("embeddings")),
    ],
    close: async () => backend.close?.(),
  });
}

/** Servers that only models name become servers of the options, so that they are devices before a model is loaded. */
function withNamedServers({ servers, models }: OpenaiOptions): OpenaiOptions {
  const all = { ...servers };
  const bound = Object.entries(models).map(([id, { baseUrl, ...settings }]) => {
    if (baseUrl === undefined) return [id, settings];
    const known = Object.entries(all).find(([, server]) => server.baseUrl === baseUrl)?.[0];
    const server = known ?? serverNameOf(baseUrl);
    all[server] ??= { baseUrl, stallMs: defaultStallMs };
    return [id, { ...settings, server }];
  });
  return { servers: all, models: Object.fromEntries(bound) };
}

function modelSpec(id: string, settings: OpenaiModelSettings): ModelSpec {
  return {
    id,
    version: "1.0.0",
    summary: `"${settings.model}" on an OpenAI-compatible server (${settings.kind})`,
    licence: "NOASSERTION", // SPDX: only the server's operator knows
    format: FORMAT,
    variants: [{ name: "remote", quality: 1, files: [] }],
    signature: kinds[settings.kind].signature(settings),
    settings: settings as unknown as JsonObject, // parsed from JSON; absent members are undefined
    batching: settings.kind === "embeddings" ? "first-axis" : "none",
  };
}
