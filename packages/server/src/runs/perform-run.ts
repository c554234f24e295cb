import {
  isStargateError,
  type Answer,
  type RunEvent,
  type RunOptions,
  type RunStream,
  type Scratch,
} from "@stargate/kernel";
import type { Gateway } from "../gateway/gateway.ts";
import { startRunSpan } from "../observe/tracing.ts";
import { gateGoal, type AnyOrder } from "./run-order.ts";

/** What running an order takes of a gateway. */
export type RunGateway = Pick<Gateway, "gate" | "host" | "pipelines" | "receipts" | "metrics">;

export interface PerformOptions {
  readonly tenant: string;
  readonly signal: AbortSignal;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Where files of the answer lie. Default: a place that goes as soon as the answer has been taken. */
  readonly scratch?: Scratch | undefined;
}

/** What becomes of the answer, before the run counts as done: its encoding may fail, too. */
export type TakeAnswer<Result> = (answer: Answer) => Promise<Result>;

/**
 * Runs an order and has its answer taken: the one way for answers at once, event streams and jobs. Keeps the receipt,
 * counts, and traces. Throws what the run or `take` threw, or why the signal was aborted.
 */
export function performRun<Result>(
  gateway: RunGateway,
  order: AnyOrder,
  options: PerformOptions,
  take: TakeAnswer<Result>,
): Promise<Result> {
  return observed(gateway, order, options, async (run) => {
    const answer = await gateway.gate.run(runInput(order), gateGoal(gateway, order), run);
    keepReceipt(gateway, answer.receipt);
    return take(answer);
  });
}

/** As `performRun`, for an order whose output is taken item by item; `take` reads the stream to its end. */
export function performStream<Result>(
  gateway: RunGateway,
  order: AnyOrder,
  options: PerformOptions,
  take: (stream: RunStream) => Promise<Result>,
): Promise<Result> {
  return observed(gateway, order, options, async (run) => {
    const stream = await gateway.gate.stream(runInput(order), gateGoal(gateway, order), run);
    const result = await take(stream);
    keepReceipt(gateway, await stream.receipt);
    return result;
  });
}

async function observed<Result>(
  gateway: RunGateway,
  order: AnyOrder,
  { tenant, signal, onEvent, scratch }: PerformOptions,
  work: (options: RunOptions) => Promise<Result>,
): Promise<Result> {
  const { pipeline } = order;
  const span = startRunSpan(pipeline === "" ? "convert" : pipeline, {
    "stargate.request_id": order.requestId,
    "stargate.tenant": tenant,
  });
  const place =
    scratch === undefined ? gateway.host.openScratch({ runId: gateway.host.randomId(), tenant, signal }) : undefined;
  try {
    const result = await work({
      policy: order.policy,
      signal,
      tenant,
      onEvent: bothOf(span.onEvent, onEvent),
      as: order.as,
      name: order.filename,
      scratch: scratch ?? place?.scratch,
    });
    gateway.metrics.run(pipeline, "ok");
    span.end();
    return result;
  } catch (thrown) {
    // The runner says that it was cancelled; the signal's reason says by what.
    const error: unknown = signal.aborted ? signal.reason : thrown;
    gateway.metrics.run(pipeline, isStargateError(error) ? error.code : "SG_SERVER_INTERNAL");
    span.end(error);
    throw error;
  } finally {
    await place?.close();
  }
}

function keepReceipt({ receipts, metrics }: RunGateway, receipt: Answer["receipt"]): void {
  receipts.add(receipt);
  metrics.receipt(receipt);
}

/** A pipeline takes its inputs by name; where the gate finds the way there is one. */
function runInput({ goal, inputs }: AnyOrder) {
  return "to" in goal ? (inputs["input"] ?? "") : inputs;
}

type Listener = (event: RunEvent) => void;

function bothOf(first: Listener | undefined, second: Listener | undefined): Listener | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (event) => {
    first(event);
    second(event);
  };
}
