import { createPayload } from "../create-payload.ts";
import { checkOutput } from "./check-value.ts";
import type { Complete, Invocation, Tried } from "./invoke-transform.ts";
import type { Outlet } from "../edge/outlet.ts";
import { fail } from "../../errors/catalog.ts";
import { returnQuietly } from "../edge/return-quietly.ts";
import { addCoverage } from "./transform-coverage.ts";
import { absenceAmong, closeReaders, inheritedFacts } from "./transform-inputs.ts";

/** An output stream whose first item has come. */
export interface OpenedOutput {
  readonly iterator: AsyncIterator<unknown>;
  readonly first: IteratorResult<unknown>;
}

/**
 * Opens what a transform with a stream output returned. Waiting for the first item belongs to the attempt, so that a
 * generator that throws before it has given anything is retried like a function.
 */
export function openOutput({ record, process }: Invocation): Complete<OpenedOutput> {
  return async (returned) => {
    if (!isAsyncIterable(returned))
      throw fail(
        "SG_RUN_OUTPUT_INVALID",
        `Step "${record.path}" (${record.uses}) gives a stream and returned no async iterable`,
        { details: { step: record.path } },
      );
    process.throwIfEnded();
    const iterator = returned[Symbol.asyncIterator]();
    process.onAbandon = () => void returnQuietly(iterator);
    const first = await iterator.next();
    return { iterator, first };
  };
}

/** Passes the items of a transform's output stream on, with backpressure. Returns the iterator however it ends. */
export async function pumpOutput(
  invocation: Invocation,
  { attempt, result }: Tried<OpenedOutput>,
  out: Outlet,
): Promise<void> {
  const { run, process, step, record, inputs } = invocation;
  const { iterator } = result;
  const { modality } = step.output;
  let held: "by us" | "by the transform" | "by nobody" = result.first.done === true ? "by nobody" : "by us";
  process.onAbandon = () => {
    if (held !== "by nobody") void returnQuietly(iterator);
    held = "by nobody";
  };
  attempt.goLive();
  try {
    for (let next = result.first; next.done !== true;) {
      checkOutput(modality, next.value, record);
      const facts = inheritedFacts(inputs);
      const payload = createPayload(modality, next.value, {
        ...facts,
        lineage: record.lineageAfter(facts.lineage),
        digestBlob: run.digestBlob,
      });
      if (!(await out.write(payload))) break;
      const pause = run.breathe();
      if (pause !== undefined) await pause;
      held = "by the transform";
      next = await iterator.next();
      process.throwIfEnded();
      held = next.done === true ? "by nobody" : "by us";
    }
  } finally {
    process.onAbandon = undefined;
    if (held === "by us") await returnQuietly(iterator);
  }
  const absent = absenceAmong(inputs);
  if (absent !== undefined) throw absent.error;
  closeReaders(inputs);
  addCoverage(run, record, step, inputs, attempt.reports);
  attempt.commit();
  out.finish("ended");
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
