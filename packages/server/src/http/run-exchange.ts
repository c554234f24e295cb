import { performRun } from "../runs/perform-run.ts";
import type { OrderHead, RunOrder } from "../runs/run-order.ts";
import { writeAnswer } from "../runs/write-answer.ts";
import { wantsEvents } from "./accept.ts";
import { type RunTelling, streamRun } from "./events/stream-run.ts";
import type { Exchange } from "./exchange.ts";
import { acceptJob, prefersAsync } from "./jobs/accept-job.ts";
import { requestPolicy } from "./request-policy.ts";

/** What a route knows of what is to be run; the rest stands in the headers of the request. */
export type RouteOrder = Pick<OrderHead, "pipeline" | "goal" | "as" | "filename" | "transcription"> &
  Pick<RunOrder, "inputs">;

/** Runs and answers, or takes a job: the one way from inputs to a response for every route that runs something. */
export async function runExchange(
  exchange: Exchange,
  routeOrder: RouteOrder,
  /** Set: streamed in the words of the route, whatever `Accept` says. */
  telling?: RunTelling,
): Promise<Response> {
  const { gateway, incoming } = exchange;
  const isStreamed = telling !== undefined || wantsEvents(incoming.headers.accept);
  const isAsync = prefersAsync(exchange) && !isStreamed;
  const order: RunOrder = {
    ...routeOrder,
    policy: requestPolicy(exchange, isAsync ? gateway.config.jobs.maxRunMs : gateway.config.limits.maxRunMs),
    accept: incoming.headers.accept,
    requestId: exchange.id,
  };
  if (isAsync) return acceptJob(exchange, order);
  if (isStreamed) return streamRun(exchange, order, telling);
  const { tenant, signal } = exchange;
  return performRun(gateway, order, { tenant, signal }, async (answer) => {
    exchange.receiptId = answer.receipt.id;
    const { body, contentType, headers } = await writeAnswer(gateway.gate, answer, order, signal);
    return exchange.respond(200, body, contentType, headers);
  });
}
