import { fail } from "../../errors/idempotency-errors.ts";
import { bodyChunks } from "../body/body-chunks.ts";
import { eventStreamMediaType } from "../events/event-stream.ts";
import type { EndpointHandler } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import type { AnswerStore, KeptAnswer } from "./answer-store.ts";
import { keyOwner } from "./idempotency-key.ts";
import { RequestFingerprint } from "./request-fingerprint.ts";

/** Headers that belong to one exchange and not to the answer. */
const ownHeaders: readonly string[] = ["x-request-id", "connection", "date", "content-length"];

/**
 * Answers a request that carries a key: a repeated one gets the answer of the first, also after a restart; one whose
 * first is still under way, or was for something else, is refused. Only successes are kept: after a failure the same
 * key may be used to try again. Throws SG_IDEMPOTENCY_RUNNING, SG_IDEMPOTENCY_REUSED.
 */
export async function answerOnce(exchange: Exchange, key: string, handler: EndpointHandler): Promise<Response> {
  const { answers } = exchange.gateway;
  const owner = keyOwner(exchange.tenant, key);
  const release = answers.claim(owner);
  if (release === undefined)
    throw fail("SG_IDEMPOTENCY_RUNNING", "A request with this Idempotency-Key is being worked on", {
      details: { retryAfterSeconds: 1 },
    });
  let isStreamed = false;
  try {
    const fingerprint = new RequestFingerprint(exchange);
    exchange.bodySeen = (chunk) => fingerprint.update(chunk);
    exchange.idempotency = {
      owner,
      async fingerprint() {
        await readRest(exchange);
        return fingerprint.digest();
      },
    };
    const kept = await answers.find(owner);
    if (kept !== undefined) {
      await readRest(exchange);
      if (fingerprint.digest() !== kept.fingerprint)
        throw fail("SG_IDEMPOTENCY_REUSED", "This Idempotency-Key was used for a request with another content");
      return replay(exchange, kept);
    }
    const response = await handler(exchange);
    if (!response.ok) return response;
    await readRest(exchange);
    if (response.headers.get("content-type") === eventStreamMediaType) {
      isStreamed = true;
      return keepWhileSent(exchange, { owner, fingerprint: fingerprint.digest(), release }, response);
    }
    return await keep(answers, owner, fingerprint.digest(), response);
  } finally {
    if (!isStreamed) release();
  }
}

/** Events are sent as they come; what was sent is kept before the last of them, if all went well, and the key is free then. */
function keepWhileSent(
  exchange: Exchange,
  { owner, fingerprint, release }: { owner: string; fingerprint: string; release: () => void },
  response: Response,
): Response {
  const { answers } = exchange.gateway;
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const sent: Uint8Array[] = [];
  let bytes = 0;
  let isReleased = false;
  const releaseOnce = (): void => {
    if (!isReleased) release();
    isReleased = true;
  };
  exchange.cleanups.push(releaseOnce);
  const keeping = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= answers.maxAnswerBytes) sent.push(chunk);
      controller.enqueue(chunk);
    },
    async flush() {
      if (exchange.failure === undefined && bytes <= answers.maxAnswerBytes)
        await answers.keep(owner, { fingerprint, status, headers: keptHeaders(headers), body: Buffer.concat(sent) });
      releaseOnce();
    },
  });
  return new Response(response.body?.pipeThrough(keeping), { status, headers });
}

/** What the handler has left of the body: the fingerprint is of all of it. */
async function readRest(exchange: Exchange): Promise<void> {
  const { incoming, gateway } = exchange;
  if (incoming.readableEnded || incoming.destroyed) return;
  const chunks = bodyChunks(exchange, gateway.config.limits.maxBodyBytes, "maxBodyBytes");
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next());
}

function replay(exchange: Exchange, { status, headers, body }: KeptAnswer): Response {
  const { "content-type": contentType = "", ...others } = headers;
  exchange.receiptId = others["stargate-receipt"];
  return exchange.respond(status, body, contentType, { ...others, "idempotency-replayed": "true" });
}

/** Keeps an answer before it is sent: a crash in between costs nothing. Answers that are too large are only sent. */
async function keep(store: AnswerStore, owner: string, fingerprint: string, response: Response): Promise<Response> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const announced = Number(headers["content-length"] ?? 0);
  if (announced > store.maxAnswerBytes || response.body === null) return response;
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    bytes += next.value.byteLength;
    if (bytes > store.maxAnswerBytes) return new Response(goOn(chunks, reader), { status, headers });
  }
  const body = Buffer.concat(chunks);
  await store.keep(owner, { fingerprint, status, headers: keptHeaders(headers), body });
  return new Response(body, { status, headers });
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.includes(name)));
}

/** A stream of which some has been read already. */
function goOn(
  read: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  const held = [...read];
  return new ReadableStream({
    async pull(controller) {
      const first = held.shift();
      if (first !== undefined) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
