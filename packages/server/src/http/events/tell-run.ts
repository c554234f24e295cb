import { receiptJson, type Answer, type Receipt, type RunEvent, type RunStream } from "@stargate/kernel";
import { envelopeText, outputJson } from "../../gateway/envelope.ts";
import { performRun, performStream, type PerformOptions, type RunGateway } from "../../runs/perform-run.ts";
import { gateGoal, type AnyOrder } from "../../runs/run-order.ts";
import type { EventQueue, StreamEvent } from "./event-queue.ts";
import { streamEvent } from "./run-events.ts";

/** The words in which a run is told. */
export interface RunTelling {
  /** What a run tells, in the words of the route; undefined for what its clients do not want to know. */
  readonly onEvent?: ((event: RunEvent) => StreamEvent | undefined) | undefined;
  /** The last events of a run that succeeded, and of no other. */
  readonly answer?: ((answer: Answer) => Promise<readonly StreamEvent[]>) | undefined;
}

export interface TellOptions extends PerformOptions {
  readonly onReceipt: (receipt: Receipt) => void;
}

/**
 * Runs an order and tells of it: its events, the items of an output that is a stream, and the answer with its receipt as
 * the last event. Throws what the run threw; what is told then is the caller's business.
 */
export async function tellRun(
  gateway: RunGateway,
  order: AnyOrder,
  events: EventQueue,
  { onReceipt, onEvent, ...run }: TellOptions,
  telling: RunTelling = {},
): Promise<void> {
  const asEvent = telling.onEvent ?? streamEvent;
  const options: PerformOptions = {
    ...run,
    onEvent(event) {
      const told = asEvent(event);
      if (told !== undefined) events.send(told);
      onEvent?.(event);
    },
  };
  const goal = gateGoal(gateway, order);
  if ("pipeline" in goal && gateway.gate.compile(goal.pipeline).outputPort.many)
    return performStream(gateway, order, options, (stream) =>
      sendItems(gateway, stream, events, { ...run, onReceipt }),
    );
  return performRun(gateway, order, options, async (answer) => {
    onReceipt(answer.receipt);
    if (telling.answer !== undefined) return events.end(...(await telling.answer(answer)));
    events.end({ name: "answer", data: await envelopeText(gateway.gate, answer, options.signal) });
  });
}

/** Items of an output that is a stream: the run goes on no faster than the client reads. */
async function sendItems(
  { gate }: RunGateway,
  stream: RunStream,
  events: EventQueue,
  { signal, onReceipt }: TellOptions,
): Promise<void> {
  let index = await stream.firstIndex;
  for await (const payload of stream) {
    const output = await outputJson(gate, payload, signal);
    await events.sendAwaited({ name: "item", data: `{"index":${index},"output":${output}}` });
    index += 1;
  }
  const receipt = await stream.receipt;
  onReceipt(receipt);
  events.end({ name: "answer", data: `{"items":${index},"receipt":${receiptJson(receipt)}}` });
}
