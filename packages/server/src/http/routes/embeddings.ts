import { combineEmbeddings, type Embedding, isStargateError, type JsonObject } from "@stargate/kernel";
import { batchReceipt } from "../../embeddings/batch-receipt.ts";
import { embedBatch, type ItemOutcome } from "../../embeddings/embed-batch.ts";
import { fail } from "../../errors/embedding-errors.ts";
import { envelopeMediaType } from "../../gateway/envelope.ts";
import { startRunSpan } from "../../observe/tracing.ts";
import { wantsEnvelope } from "../accept.ts";
import { receiptHeaders } from "../answer-headers.ts";
import type { Exchange } from "../exchange.ts";
import { embeddingAnswer, itemErrors } from "../openai/embedding-answer.ts";
import { type EmbeddingRequest, readEmbeddingRequest } from "../openai/embedding-request.ts";
import { type Problem, toProblem } from "../problem.ts";
import { requestPolicy } from "../request-policy.ts";

const pipeline = "embeddings";

/**
 * `POST /v1/embeddings`: OpenAI's embeddings, of texts and images. Items run side by side; a bad one is an entry of
 * `errors` and the others are answered, unless none is left.
 */
export async function createEmbeddings(exchange: Exchange): Promise<Response> {
  const { gateway } = exchange;
  const request = await readEmbeddingRequest(exchange);
  const span = startRunSpan(pipeline, {
    "stargate.request_id": exchange.id,
    "stargate.tenant": exchange.tenant,
  });
  try {
    const response = await embed(exchange, request);
    gateway.metrics.run(pipeline, "ok");
    span.end();
    return response;
  } catch (error) {
    gateway.metrics.run(pipeline, isStargateError(error) ? error.code : "SG_SERVER_INTERNAL");
    span.end(error);
    throw error;
  }
}

async function embed(exchange: Exchange, request: EmbeddingRequest): Promise<Response> {
  const { gateway, tenant } = exchange;
  const { clock } = gateway.host;
  const model = gateway.embeddingModels.find(request.model, request.kinds);
  const [startedMs, startedEpochMs] = [clock.nowMs(), clock.epochMs()];
  const outcomes = await embedBatch(request.items, {
    gate: gateway.gate,
    model,
    dimensions: request.dimensions,
    run: { policy: requestPolicy(exchange), signal: exchange.signal, tenant },
  });
  // Items of a request that was given up have failed for no reason of their own.
  if (exchange.signal.aborted) throw exchange.signal.reason;
  const problems = problemsOf(exchange, outcomes);
  if (problems.size === outcomes.length) throw refusal(outcomes, problems);
  const receipt = batchReceipt({
    id: gateway.host.randomId(),
    tenant,
    startedAt: new Date(startedEpochMs).toISOString(),
    ms: clock.nowMs() - startedMs,
    outcomes,
    problems,
  });
  exchange.receiptId = receipt.id;
  gateway.receipts.add(receipt);
  gateway.metrics.receipt(receipt);
  const combined = combinedOf(request, outcomes);
  const answer = embeddingAnswer({
    model: request.model ?? model.name,
    format: request.encoding_format,
    outcomes,
    combined,
    problems,
    receipt,
  });
  const headers = receiptHeaders(receipt);
  if (wantsEnvelope(exchange.incoming.headers.accept))
    return exchange.respond(200, JSON.stringify({ output: answer, receipt }), envelopeMediaType, headers);
  return exchange.json(answer, 200, headers);
}

/** What clients may know of the errors, by index of the item. */
function problemsOf(exchange: Exchange, outcomes: readonly ItemOutcome[]): ReadonlyMap<number, Problem> {
  return new Map(
    outcomes.flatMap(({ embedding, error }, index): [number, Problem][] =>
      embedding === undefined ? [[index, toProblem(error, exchange.id)]] : [],
    ),
  );
}

/**
 * When nothing could be embedded: the reason, when there is one for all, or one that is no fault of the request, so
 * that its status says whether to try again; else a refusal that lists them.
 */
function refusal(outcomes: readonly ItemOutcome[], problems: ReadonlyMap<number, Problem>): unknown {
  const codes = new Set([...problems.values()].map(({ code }) => code));
  const serverFault = [...problems].find(([, { status }]) => status >= 500);
  if (serverFault !== undefined) return outcomes[serverFault[0]]?.error;
  if (codes.size === 1) return outcomes[0]?.error;
  const errors: JsonObject[] = itemErrors(problems);
  const message = `None of ${problems.size} items could be embedded: ${[...codes].join(", ")}`;
  return fail("SG_EMBEDDING_NONE", message, { details: { param: "input", errors } });
}

function combinedOf({ combine, kinds }: EmbeddingRequest, outcomes: readonly ItemOutcome[]): Embedding | undefined {
  if (!(combine ?? kinds.length > 1)) return undefined;
  return combineEmbeddings(outcomes.flatMap(({ embedding }) => embedding ?? []));
}
