import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { type Clock, fail, type GatedFetch, type LoadedModel, type ModelSource, type Tensor } from "@stargate/kernel";
import { createOpenaiBackend } from "../src/openai-backend.ts";
import { openaiOptionsSchema } from "../src/openai-options.ts";

export const live = new AbortController().signal;

/**
 * node:http in place of a host's gate. Not the platform's fetch: that keeps timers of its own, which the suite of
 * adapters counts.
 */
export const fetchAnything: GatedFetch = async (input, { method, headers, body, signal } = {}) => {
  const outgoing = request(input, {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    signal: signal ?? undefined,
  });
  outgoing.end(body instanceof ArrayBuffer ? new Uint8Array(body) : body);
  const answered = once(outgoing, "response").catch((cause: unknown) => {
    throw fail("SG_FETCH_FAILED", "The server was not reached", { cause });
  });
  const [incoming] = (await answered) as [IncomingMessage];
  const received = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) received.set(name, String(value));
  const content = Readable.toWeb(incoming) as ReadableStream<Uint8Array>; // two declarations of one web stream
  return new Response(content, { status: incoming.statusCode ?? 0, headers: received });
};

/** A model source as a declaration makes it. */
export function sourceOf(kind: string, model: string, settings: object = {}): ModelSource {
  return { id: `my-${model}`, format: "openai", files: {}, settings: { kind, model, ...settings } };
}

/** A backend with one server, and one of its models; unloads at the end of the block. */
export async function loadModel(
  baseUrl: string,
  source: ModelSource,
  { clock, stallMs }: { readonly clock?: Clock; readonly stallMs?: number } = {},
): Promise<LoadedModel & AsyncDisposable> {
  const servers = { local: { baseUrl, ...(stallMs !== undefined && { stallMs }) } };
  const backend = createOpenaiBackend(openaiOptionsSchema.parse({ servers }), { clock });
  const model = await backend.load(source, { signal: live, fetch: fetchAnything });
  return { ...model, [Symbol.asyncDispose]: () => model.unload() };
}

/** Strings as a tensor. */
export function strings(...data: readonly string[]): Tensor {
  return { dtype: "string", shape: [data.length], data };
}
