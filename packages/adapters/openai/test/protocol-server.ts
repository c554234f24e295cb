import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What the server does with the next request that is not about its list of models. */
export type Behaviour =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Answers the JSON or text as it is. */
  | { readonly kind: "say"; readonly body: unknown; readonly contentType?: string }
  /** Streams these event data, then: ends the stream, breaks the connection inside an event, or falls silent. */
  | { readonly kind: "stream"; readonly data: readonly string[]; readonly ending: "end" | "break" | "silence" }
  /** Announces the whole answer and breaks the connection in its middle. */
  | { readonly kind: "half" }
  /** Takes the request and closes the connection. */
  | { readonly kind: "hang-up" }
  /** Takes the request and never answers. */
  | { readonly kind: "silence" }
  /** Refuses a field with 400, as a server that does not know it. */
  | { readonly kind: "refuse-field"; readonly field: string };

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** JSON body; fields of a form as an object, files as "<name>:<bytes>". */
  readonly body: Record<string, unknown>;
}

export interface ProtocolServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Behaviours of the next requests, in order; the server keeps the protocol when there are none left. */
  next(...behaviours: readonly Behaviour[]): void;
  /** Resolves when a request that is answered with silence has arrived. */
  silent(): Promise<void>;
}

export const dimensions = 8;

/** The vector the server gives for a text: values from its hash. */
export function vectorOf(text: string, length = dimensions): number[] {
  const digest = createHash("sha256").update(text).digest();
  return Array.from({ length }, (_, index) => Math.fround((digest[index] ?? 0) / 255 - 0.5));
}

/** The words of the server's answer to a conversation. */
export function replyOf(messages: readonly { readonly role: string; readonly content: string }[]): string[] {
  return messages.flatMap(({ role, content }) => [`${role}:`, ` ${content}\n`]);
}

/** A server that speaks the OpenAI protocol over real HTTP, and breaks it when it is told to. */
export async function startProtocolServer({ apiKey }: { readonly apiKey?: string } = {}): Promise<ProtocolServer> {
  const seen: SeenRequest[] = [];
  const script: Behaviour[] = [];
  let onSilence = Promise.withResolvers<void>();
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return json(response, { error: { message: "Incorrect API key provided", type: "invalid_request_error" } }, 401);
    if (request.url === "/v1/models") return json(response, { object: "list", data: models.map((id) => ({ id })) });
    const body = await bodyOf(request);
    seen.push({ path: request.url ?? "", headers: request.headers, body });
    const behaviour = script.shift();
    if (behaviour === undefined) return answer(request, response, body);
    if (behaviour.kind === "silence" || (behaviour.kind === "stream" && behaviour.ending === "silence"))
      queueMicrotask(() => onSilence.resolve());
    await misbehave(behaviour, request, response, body);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, // a TCP server that listens
    seen,
    next: (...behaviours) => void script.push(...behaviours),
    async silent() {
      await onSilence.promise;
      onSilence = Promise.withResolvers();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const models = ["embedder:latest", "talker", "listener"];

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const bytes = await buffer(request);
  const contentType = request.headers["content-type"] ?? "";
  if (!contentType.startsWith("multipart/form-data")) return JSON.parse(bytes.toString("utf8")) as never; // it is what clients send
  const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === "string" ? value : `${value.name}:${value.size}`]),
  );
}

function answer(request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>): void {
  if (request.url === "/v1/embeddings") return json(response, embeddingsOf(body));
  if (request.url === "/v1/chat/completions") return void stream(response, chatEvents(body), "end");
  if (request.url === "/v1/audio/transcriptions")
    return json(response, { text: `heard ${String(body["file"])}`, language: body["language"] ?? "en", segments: [] });
  json(response, { error: { message: "Not found" } }, 404);
}

async function misbehave(
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
  body: Record<string, unknown>,
): Promise<void> {
  switch (behaviour.kind) {
    case "status":
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
      return;
    case "say":
      response.writeHead(200, { "content-type": behaviour.contentType ?? "application/json" });
      response.end(typeof behaviour.body === "string" ? behaviour.body : JSON.stringify(behaviour.body));
      return;
    case "stream":
      return stream(response, behaviour.data, behaviour.ending);
    case "half": {
      const whole = JSON.stringify({ answer: body, padding: " ".repeat(100) });
      response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
      await written(response, whole.slice(0, whole.length / 2));
      response.destroy();
      return;
    }
    case "silence":
      return;
    case "hang-up":
      response.destroy();
      return;
    case "refuse-field":
      if (behaviour.field in body)
        return json(response, { error: { message: `Unknown value of ${behaviour.field}` } }, 400);
      return answer(request, response, body);
  }
}

function embeddingsOf({ input, encoding_format, dimensions: asked }: Record<string, unknown>) {
  const vectors = (input as string[]).map((text) => vectorOf(text, typeof asked === "number" ? asked : dimensions));
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: encoding_format === "base64" ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector,
  }));
  // The order is not promised: `index` says which is which.
  return { object: "list", data: data.toReversed(), model: "embedder", usage: { prompt_tokens: 3, total_tokens: 3 } };
}

/** Data of the events of a whole answer, as OpenAI sends it. */
export function chatEvents(body: Record<string, unknown>): string[] {
  const chunk = (delta: object, finishReason: string | null = null) =>
    JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finishReason }] });
  return [
    chunk({ role: "assistant", content: "" }),
    ...replyOf(body["messages"] as never).map((content) => chunk({ content })), // as the tests send it
    chunk({}, "stop"),
    JSON.stringify({ object: "chat.completion.chunk", choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } }),
    "[DONE]",
  ];
}

async function stream(response: ServerResponse, data: readonly string[], ending: "end" | "break" | "silence") {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  // Each event in a write of its own, so that they come as they would from a model.
  for (const one of data) await written(response, `data: ${one}\n\n`);
  if (ending === "end") response.end();
  if (ending === "break") {
    await written(response, 'data: {"choices":[{"index":0,"delta":{"cont');
    response.destroy();
  }
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => void response.write(text, () => resolve()));
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
