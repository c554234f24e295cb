import { cancellationOf, throwIfCancelled } from "./cancellation.ts";
import type { PullProgress } from "./model-store.ts";

/** What several callers want at once, done once. */
export interface SharedWork<T> {
  /**
   * Starts the work for `key`, or joins the one under way. A caller that gives up leaves at once; the work is cancelled
   * when all have left.
   */
  run(key: string, caller: WorkCaller, start: (caller: WorkCaller) => Promise<T>): Promise<T>;
}

export interface WorkCaller {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
}

interface Job<T> {
  readonly result: Promise<T>;
  readonly callers: Set<WorkCaller>;
  readonly abort: AbortController;
}

export function createSharedWork<T>(): SharedWork<T> {
  const jobs = new Map<string, Job<T>>();

  function begin(key: string, start: (caller: WorkCaller) => Promise<T>): Job<T> {
    const callers = new Set<WorkCaller>();
    const abort = new AbortController();
    const onProgress = (progress: PullProgress): void => {
      for (const caller of callers) caller.onProgress?.(progress);
    };
    const result = start({ signal: abort.signal, onProgress });
    const job: Job<T> = { result, callers, abort };
    jobs.set(key, job);
    const forget = (): void => {
      if (jobs.get(key) === job) jobs.delete(key);
    };
    result.then(forget, forget);
    return job;
  }

  return {
    async run(key, caller, start) {
      throwIfCancelled(caller.signal);
      const job = jobs.get(key) ?? begin(key, start);
      job.callers.add(caller);
      const { signal } = caller;
      let leave = (): void => undefined;
      const left = new Promise<never>((_resolve, reject) => {
        leave = () => reject(cancellationOf(signal));
        signal.addEventListener("abort", leave, { once: true });
      });
      try {
        return await Promise.race([job.result, left]);
      } finally {
        signal.removeEventListener("abort", leave);
        job.callers.delete(caller);
        if (job.callers.size === 0 && jobs.get(key) === job) {
          jobs.delete(key); // whoever comes now does not join what is being cancelled
          job.abort.abort(cancellationOf(signal));
        }
      }
    },
  };
}
