import { isStargateError, type Answer, type GateInput, type Goal } from "@stargate/kernel";
import { startRunSpan } from "../observe/tracing.ts";
import { envelopeMediaType, envelopeText } from "../gateway/envelope.ts";
import { wantsEnvelope } from "./accept.ts";
import { receiptHeaders } from "./answer-headers.ts";
import type { Exchange } from "./exchange.ts";
import { requestPolicy } from "./request-policy.ts";

export interface RunExchangeOptions {
  /** Name of the pipeline; "" for a way the gate plans itself. */
  readonly pipeline: string;
  readonly input: GateInput;
  readonly goal: Goal;
  /** Modality id to read the input as. */
  readonly as?: string | undefined;
  readonly filename?: string | undefined;
}

/** Outputs a browser would take for a page: hOCR may hold markup somebody else wrote, and must not act as this origin. */
const activeMediaType = /html|xml|svg/;

/** Runs and answers: the one way from inputs to a response for every route that runs something. */
export async function runExchange(exchange: Exchange, options: RunExchangeOptions): Promise<Response> {
  const { gateway } = exchange;
  const span = startRunSpan(options.pipeline === "" ? "convert" : options.pipeline, {
    "stargate.request_id": exchange.id,
    "stargate.tenant": exchange.tenant,
  });
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
  } catch (thrown) {
    // The runner says that it was cancelled; the signal's reason says by what.
    const error: unknown = exchange.signal.aborted ? exchange.signal.reason : thrown;
    gateway.metrics.run(options.pipeline, isStargateError(error) ? error.code : "SG_SERVER_INTERNAL");
    span.end(error);
    throw error;
  }
}

async function answerResponse(exchange: Exchange, answer: Answer): Promise<Response> {
  const headers = receiptHeaders(answer.receipt);
  const { accept } = exchange.incoming.headers;
  if (wantsEnvelope(accept))
    return exchange.respond(
      200,
      await envelopeText(exchange.gateway.gate, answer, exchange.signal),
      envelopeMediaType,
      headers,
    );
  const { body, mediaType } = await exchange.gateway.gate.encode(answer.payload, accept, { signal: exchange.signal });
  if (activeMediaType.test(mediaType)) headers["content-security-policy"] = "sandbox; default-src 'none'";
  return exchange.respond(200, body, withCharset(mediaType), headers);
}

/** Text from the kernel is UTF-8; media types of text default to something else in old clients. */
function withCharset(mediaType: string): string {
  return mediaType.startsWith("text/") ? `${mediaType}; charset=utf-8` : mediaType;
}
