import type { Payload } from "../contract/payload.ts";
import type { Receipt } from "../contract/receipt.ts";
import { Absence } from "./edge/absence.ts";
import { Cell } from "./edge/cell.ts";
import type { Execution } from "./execution.ts";
import type { RunStream } from "./runner.ts";

type Step = IteratorResult<Payload, undefined>;

/**
 * A run whose output is taken item by item. The run begins at once, and goes no further than its edges hold while
 * nobody takes anything. Asking for the next item says that the one before has been dealt with.
 */
export function runStream(begin: () => Promise<Execution>): RunStream {
  const started = begin();
  const receipt = finishStarted(started);
  const firstIndex = started.then((execution) => execution.firstIndex);
  // A caller who only iterates gets the error from the iteration.
  receipt.catch(ignore);
  firstIndex.catch(ignore);
  let done = false;
  let tail: Promise<unknown> = Promise.resolve();

  const next = async (): Promise<Step> => {
    if (done) return { done: true, value: undefined };
    const execution = await started;
    const read = await takeNext(execution).catch((error: unknown) => {
      done = true;
      execution.run.scope.fail({ error });
      throw execution.error ?? error;
    });
    if (read !== undefined) return { done: false, value: read };
    done = true;
    execution.consumer.end();
    await receipt;
    return { done: true, value: undefined };
  };

  const iterator: AsyncIterator<Payload, undefined> = {
    next: () => {
      const result = tail.then(next);
      tail = result.catch(ignore);
      return result;
    },
    return: async () => {
      if (!done) {
        done = true;
        await started.then((execution) => execution.cancel("The consumer of the run's output left"), ignore);
      }
      return { done: true, value: undefined };
    },
  };
  return { receipt, firstIndex, [Symbol.asyncIterator]: () => iterator };
}

async function finishStarted(started: Promise<Execution>): Promise<Receipt> {
  const execution = await started;
  return execution.finish(() => (execution.output instanceof Cell ? asPayload(execution.output) : undefined));
}

/** Next item of the output, or undefined at its end. A single output is a stream of one. */
async function takeNext(execution: Execution): Promise<Payload | undefined> {
  const { output, consumer } = execution;
  if (execution.error !== undefined) throw execution.error;
  if (output instanceof Cell && execution.itemsYielded > execution.firstIndex) return undefined;
  const read = output instanceof Cell ? (output.value ?? (await output.read(consumer))) : await output.read(consumer);
  if (read === "ended") return undefined;
  if (read instanceof Absence) throw read.error;
  execution.itemsYielded += 1;
  return read;
}

function asPayload({ value }: Cell): Payload | undefined {
  return value instanceof Absence ? undefined : value;
}

function ignore(): void {}
