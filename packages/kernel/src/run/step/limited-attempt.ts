import { fail } from "../../errors/catalog.ts";
import type { RunState } from "../run-state.ts";
import type { StepRecord } from "./step-record.ts";

/** Starts one attempt under a signal of its own. */
export type StartAttempt<T> = (signal: AbortSignal) => Promise<T>;

export interface AttemptLimits {
  readonly deadlineMs?: number | undefined;
  readonly hedgeAfterMs?: number | undefined;
  /** Hands over a function that aborts whatever is going on, for the case that the scope fails. */
  readonly onStart: (abort: (reason: unknown) => void) => void;
}

/**
 * Runs an attempt under a deadline of its own and with a hedge: a second attempt begins when the first is slower
 * than `hedgeAfterMs` (J. Dean and L. A. Barroso, "The Tail at Scale", CACM 2013). The first success counts and the
 * other one is aborted; failing means that every attempt that was started has failed. Throws SG_RUN_DEADLINE.
 */
export async function limitedAttempt<T>(
  run: RunState,
  record: StepRecord,
  start: StartAttempt<T>,
  limits: AttemptLimits,
): Promise<T> {
  const { clock } = run.host;
  const controllers: AbortController[] = [];
  const cancelTimers: (() => void)[] = [];
  limits.onStart((reason) => {
    for (const controller of controllers) controller.abort(reason);
    for (const cancel of cancelTimers) cancel();
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      let running = 0;
      const begin = (): void => {
        const controller = new AbortController();
        controllers.push(controller);
        running += 1;
        start(controller.signal).then(resolve, (error: unknown) => {
          running -= 1;
          if (running === 0) reject(error as Error); // whatever the transform threw; the caller translates it
        });
      };
      begin();
      if (limits.deadlineMs !== undefined) {
        const limitMs = limits.deadlineMs;
        cancelTimers.push(
          clock.timer(limitMs, () =>
            reject(
              fail(
                "SG_RUN_DEADLINE",
                `Step "${record.path}" (${record.uses}) did not finish within its ${limitMs} ms`,
                { details: { step: record.path, deadlineMs: limitMs } },
              ),
            ),
          ),
        );
      }
      if (limits.hedgeAfterMs !== undefined) {
        cancelTimers.push(
          clock.timer(limits.hedgeAfterMs, () => {
            record.attempts += 1;
            begin();
          }),
        );
      }
    });
  } finally {
    for (const cancel of cancelTimers) cancel();
    for (const controller of controllers)
      controller.abort(fail("SG_RUN_CANCELLED", `This attempt of step "${record.path}" is not needed any more`));
  }
}
