import { performRun } from "../runs/perform-run.ts";
import type { AnyOrder, OrderHead, RunOrder } from "../runs/run-order.ts";
import { writeAnswer } from "../runs/write-answer.ts";
import { wantsEvents } from "./accept.ts";
import { streamRun } from "./events/stream-run.ts";
import type { RunTelling } from "./events/tell-run.ts";
import type { Exchange } from "./exchange.ts";
import { acceptJob, prefersAsync } from "./jobs/accept-job.ts";
import { requestPolicy } from "./request-policy.ts";

/** What a route knows of what is to be run; the rest stands in the headers of the request. */
export type RouteOrder = Pick<OrderHead, "pipeline" | "goal" | "as" | "filename" | "transcription"> &
  Pick<RunOrder, "inputs">;

/** Runs and answers, streams, or takes a job: the one way from inputs to a response for every route that runs something. */
export async function runExchange(
  exchange: Exchange,
  routeOrder: RouteOrder,
  /** Set: streamed in the words of the route, whatever `Accept` says. */
  telling?: RunTelling,
): Promise<Response> {
  const { gateway } = exchange;
  const isStreamed = telling !== undefined || wantsEvents(exchange.incoming.headers.accept);
  const isAsync = prefersAsync(exchange) && !isStreamed;
  const maxRunMs = isAsync ? gateway.config.jobs.maxRunMs : gateway.config.limits.maxRunMs;
  const order: RunOrder = { ...routeOrder, ...requestHead(exchange, maxRunMs) };
  return isAsync ? acceptJob(exchange, order) : answerRun(exchange, order, telling);
}

/** What a request says in its headers of how something is run. Throws SG_HTTP_MALFORMED. */
export function requestHead(exchange: Exchange, maxRunMs: number): Pick<OrderHead, "policy" | "accept" | "requestId"> {
  const { accept } = exchange.incoming.headers;
  return { policy: requestPolicy(exchange, maxRunMs), accept, requestId: exchange.id };
}

/** Runs and answers while the client waits: with events where it wants some, else with the answer. */
export async function answerRun(exchange: Exchange, order: AnyOrder, telling?: RunTelling): Promise<Response> {
  const { gateway, tenant, signal } = exchange;
  if (telling !== undefined || wantsEvents(order.accept)) return streamRun(exchange, order, telling);
  return performRun(gateway, order, { tenant, signal, scratch: exchange.scratch }, async (answer) => {
    exchange.receiptId = answer.receipt.id;
    const { body, contentType, headers } = await writeAnswer(gateway.gate, answer, order, signal);
    return exchange.respond(200, body, contentType, headers);
  });
}
