import type { Clock } from "@stargate/kernel";
import { cancellationOf, throwIfCancelled } from "../cancellation.ts";

/** Resolves after `ms`; rejects at once when the caller gives up. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancelTimer();
      reject(cancellationOf(signal));
    };
    const cancelTimer = clock.timer(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
