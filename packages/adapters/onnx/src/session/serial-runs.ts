import { setImmediate } from "node:timers/promises";
import { cancellationOf, throwIfCancelled } from "@stargate/kernel/backend";

const RUN = "The model's run";

/** Runs one after the other, in the order they were asked for. */
export interface SerialRuns {
  /**
   * Rejects with SG_RUN_CANCELLED as soon as `signal` aborts. Work that has begun goes on to its end unheard (stopping
   * ONNX Runtime inside a run aborts the whole process); work whose turn has not come is never begun.
   */
  run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  /** Resolves when all work asked for so far has ended. */
  settled(): Promise<void>;
}

/** Sessions compute on the calling thread, one run at a time anyway; a queue of our own can leave out cancelled runs. */
export function createSerialRuns(): SerialRuns {
  let last: Promise<void> = Promise.resolve();
  return {
    run(signal, work) {
      const turn = last.then(async () => {
        // Without this turn of the event loop no cancellation is heard between two blocking runs.
        await setImmediate();
        throwIfCancelled(signal, RUN);
        return work();
      });
      last = turn.then(
        () => undefined,
        () => undefined,
      );
      return untilAborted(turn, signal);
    },
    settled: () => last,
  };
}

function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancellationOf(signal, RUN));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
