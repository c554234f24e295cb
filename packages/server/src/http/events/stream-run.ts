import type { AnyOrder } from "../../runs/run-order.ts";
import { errorBody } from "../error-body.ts";
import type { Exchange } from "../exchange.ts";
import { EventQueue } from "./event-queue.ts";
import { eventStream, eventStreamMediaType } from "./event-stream.ts";
import { type RunTelling, tellRun } from "./tell-run.ts";

/**
 * Runs and tells of it as server-sent events. A request that fails before its run has begun is answered with its status;
 * after that the last event is the answer, or `error` with the problem. A client that goes away ends the run.
 */
export async function streamRun(exchange: Exchange, order: AnyOrder, telling?: RunTelling): Promise<Response> {
  const { gateway, tenant, signal } = exchange;
  const events = new EventQueue({ clock: gateway.host.clock });
  const begun = Promise.withResolvers<void>();
  let hasBegun = false;
  const options = {
    tenant,
    signal,
    onEvent() {
      hasBegun = true;
      begun.resolve();
    },
    onReceipt: ({ id }: { readonly id: string }) => void (exchange.receiptId = id),
  };
  void tellRun(gateway, order, events, options, telling).then(begun.resolve, (error: unknown) => {
    if (!hasBegun) return begun.reject(error);
    exchange.failure = error;
    events.end({ name: "error", data: JSON.stringify(errorBody(exchange, error)) });
  });
  await begun.promise;
  return exchange.respond(200, eventStream(events), eventStreamMediaType, {
    "cache-control": "no-store",
    "x-accel-buffering": "no", // nginx would hold events back
  });
}
