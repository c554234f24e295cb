import { isStargateError } from "@stargate/kernel";
import { fail } from "../ocr-errors.ts";

/** Limits how many things run at once; the rest wait in order. */
export interface Slots {
  /** Runs `work` as soon as a slot is free. Rejects with SG_RUN_CANCELLED when `signal` aborts while it waits. */
  run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

export function createSlots(count: number): Slots {
  const waiting = new Set<() => void>();
  let free = count;
  const take = (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.reject(cancelled(signal));
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.delete(wake);
        reject(cancelled(signal));
      };
      const wake = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  };
  const give = (): void => {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  };
  return {
    async run(signal, work) {
      await take(signal);
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
}

/** The error of work whose caller gave up: the signal's own reason when that is one of ours (a deadline). */
export function cancelled(signal: AbortSignal): Error {
  if (isStargateError(signal.reason)) return signal.reason;
  return fail("SG_RUN_CANCELLED", "Reading was cancelled", { cause: signal.reason });
}

/** `promise`, or SG_RUN_CANCELLED as soon as `signal` aborts; what was under way is then stopped by `stop`. */
export function raceAbort<Result>(promise: Promise<Result>, signal: AbortSignal, stop: () => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      stop();
      reject(cancelled(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
