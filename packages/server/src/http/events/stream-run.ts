import { receiptJson, type Answer, type RunEvent, type RunStream } from "@stargate/kernel";
import { envelopeText, outputJson } from "../../gateway/envelope.ts";
import { performRun, performStream, type PerformOptions } from "../../runs/perform-run.ts";
import { gateGoal, type RunOrder } from "../../runs/run-order.ts";
import { errorBody } from "../error-body.ts";
import type { Exchange } from "../exchange.ts";
import { EventStream, eventStreamMediaType, type StreamEvent } from "./event-stream.ts";
import { streamEvent } from "./run-events.ts";

/** Tells of a run while it runs, and makes its last event. */
export interface RunTelling {
  /** What a run tells, in the words of the route; undefined for what its clients do not want to know. */
  readonly onEvent?: ((event: RunEvent) => StreamEvent | undefined) | undefined;
  /** The last events of a run that succeeded, and of no other. */
  readonly answer?: ((answer: Answer) => Promise<readonly StreamEvent[]>) | undefined;
}

/**
 * Runs and tells of it as server-sent events. A request that fails before its run has begun is answered with its status;
 * after that the last event is `answer`, or `error` with the problem. A client that goes away ends the run.
 */
export async function streamRun(exchange: Exchange, order: RunOrder, telling: RunTelling = {}): Promise<Response> {
  const { gateway, tenant, signal } = exchange;
  const events = new EventStream({ clock: gateway.host.clock });
  const begun = Promise.withResolvers<void>();
  let hasBegun = false;
  const asEvent = telling.onEvent ?? streamEvent;
  const options: PerformOptions = {
    tenant,
    signal,
    onEvent(event) {
      const told = asEvent(event);
      if (told !== undefined) events.send(told);
      hasBegun = true;
      begun.resolve();
    },
  };
  void work(exchange, order, options, events, telling).then(begun.resolve, (error: unknown) => {
    if (!hasBegun) return begun.reject(error);
    exchange.failure = error;
    events.end({ name: "error", data: JSON.stringify(errorBody(exchange, error)) });
  });
  await begun.promise;
  return exchange.respond(200, events.body, eventStreamMediaType, {
    "cache-control": "no-store",
    "x-accel-buffering": "no", // nginx would hold events back
  });
}

async function work(
  exchange: Exchange,
  order: RunOrder,
  options: PerformOptions,
  events: EventStream,
  { answer: answerEvent }: RunTelling,
): Promise<void> {
  const { gateway } = exchange;
  const goal = gateGoal(gateway, order);
  if ("pipeline" in goal && gateway.gate.compile(goal.pipeline).outputPort.many)
    return performStream(gateway, order, options, (stream) => sendItems(exchange, stream, events));
  return performRun(gateway, order, options, async (answer) => {
    exchange.receiptId = answer.receipt.id;
    if (answerEvent === undefined)
      return events.end({ name: "answer", data: await envelopeText(gateway.gate, answer, options.signal) });
    events.end(...(await answerEvent(answer)));
  });
}

/** Items of an output that is a stream: the run goes on no faster than the client reads. */
async function sendItems(exchange: Exchange, stream: RunStream, events: EventStream): Promise<void> {
  const { gate } = exchange.gateway;
  let index = await stream.firstIndex;
  for await (const payload of stream) {
    const output = await outputJson(gate, payload, exchange.signal);
    await events.sendAwaited({ name: "item", data: `{"index":${index},"output":${output}}` });
    index += 1;
  }
  const receipt = await stream.receipt;
  exchange.receiptId = receipt.id;
  events.end({ name: "answer", data: `{"items":${index},"receipt":${receiptJson(receipt)}}` });
}
