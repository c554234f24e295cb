import { canonicalJson, isStargateError, type Answer, type EncodedBody, type GateInput, type Goal, type Policy } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import { startRunSpan } from "../observe/tracing.ts";
import { wantsEnvelope, envelopeMediaType } from "./accept.ts";
import { receiptHeaders } from "./answer-headers.ts";
import type { Exchange } from "./exchange.ts";

export interface RunExchangeOptions {
  /** Name of the pipeline; "" for a way the gate plans itself. */
  readonly pipeline: string;
  readonly input: GateInput;
  readonly goal: Goal;
  /** Modality id to read the input as. */
  readonly as?: string | undefined;
  readonly filename?: string | undefined;
}

/** Outputs without a JSON or text form travel inside the envelope as a data URL up to this size. */
const maxEnvelopeBytes = 16 * 2 ** 20;

/**
 * What an output is sent with. It may be HTML somebody else wrote (hOCR), and must not act as a page of this origin.
 */
const outputHeaders = { "content-security-policy": "sandbox; default-src 'none'" };

/** Runs and answers: the one way from inputs to a response for every route that runs something. */
export async function runExchange(exchange: Exchange, options: RunExchangeOptions): Promise<Response> {
  const { gateway } = exchange;
  const span = startRunSpan(options.pipeline === "" ? "convert" : options.pipeline, { "stargate.request_id": exchange.id, "stargate.tenant": exchange.tenant });
  try {
    const answer = await gateway.gate.run(options.input, options.goal, {
      policy: requestPolicy(exchange),
      signal: exchange.signal,
      tenant: exchange.tenant,
      onEvent: span.onEvent,
      as: options.as,
      name: options.filename,
    });
    exchange.receiptId = answer.receipt.id;
    gateway.receipts.add(answer.receipt);
    gateway.metrics.receipt(answer.receipt);
    const response = await answerResponse(exchange, answer);
    gateway.metrics.run(options.pipeline, "ok");
    span.end();
    return response;
  } catch (error) {
    gateway.metrics.run(options.pipeline, isStargateError(error) ? error.code : "SG_SERVER_INTERNAL");
    span.end(error);
    throw error;
  }
}

/** The caller may shorten the time a run may take, never lengthen it. */
function requestPolicy(exchange: Exchange): Policy {
  const { maxRunMs } = exchange.gateway.config.limits;
  const header = exchange.incoming.headers["stargate-deadline-ms"];
  if (header === undefined) return { deadlineMs: maxRunMs };
  const deadlineMs = Number(header);
  if (!(deadlineMs > 0)) throw fail("SG_HTTP_MALFORMED", `Stargate-Deadline-Ms is "${String(header)}", not a number of milliseconds above 0`);
  return { deadlineMs: Math.min(deadlineMs, maxRunMs) };
}

async function answerResponse(exchange: Exchange, answer: Answer): Promise<Response> {
  const headers = { ...outputHeaders, ...receiptHeaders(answer.receipt), vary: "accept" };
  const { accept } = exchange.incoming.headers;
  if (wantsEnvelope(accept)) return exchange.respond(200, await envelope(exchange, answer), envelopeMediaType, headers);
  const { body, mediaType } = await exchange.gateway.gate.encode(answer.payload, accept, { signal: exchange.signal });
  return exchange.respond(200, body, withCharset(mediaType), headers);
}

/** Text from the kernel is UTF-8; media types of text default to something else in old clients. */
function withCharset(mediaType: string): string {
  return mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType;
}

/**
 * `{"output": ..., "receipt": ...}`: the output as JSON where its modality has a JSON encoding, otherwise as
 * `{"mediaType", "text"}` or `{"mediaType", "data": "data:..."}`. Spliced, not parsed and written again.
 */
async function envelope(exchange: Exchange, { payload, receipt }: Answer): Promise<string> {
  const { gate } = exchange.gateway;
  const codec = gate.registry.codecs(gate.registry.modality(payload.modality)).get("application/json");
  const isJson = codec?.encode !== undefined && codec.canEncode?.(payload.value) !== false;
  const { body, mediaType } = await gate.encode(payload, isJson ? "application/json" : undefined, { signal: exchange.signal });
  const output = isJson ? await bodyText(body) : await embedded(body, mediaType);
  return `{"output":${output},"receipt":${canonicalJson(receipt)}}`;
}

async function embedded(body: EncodedBody, mediaType: string): Promise<string> {
  if (typeof body === "string" || mediaType.startsWith("text/")) return JSON.stringify({ mediaType, text: await bodyText(body) });
  const bytes = Buffer.from(await new Response(body).arrayBuffer());
  if (bytes.byteLength > maxEnvelopeBytes) {
    throw fail("SG_HTTP_BODY_TOO_LARGE", `The output has ${bytes.byteLength} bytes; inside ${envelopeMediaType} the limit is ${maxEnvelopeBytes}`, {
      hint: `Ask for ${mediaType}; the Stargate-Receipt header names the receipt, which GET /v1/receipts/{id} gives.`,
    });
  }
  return JSON.stringify({ mediaType, data: `data:${mediaType};base64,${bytes.toString("base64")}` });
}

function bodyText(body: EncodedBody): string | Promise<string> {
  return typeof body === "string" ? body : new Response(body).text();
}
