import type { Clock } from "../../contract/host.ts";

export interface BackoffOptions {
  /** Longest first pause; the bound doubles with every further one. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/**
 * Milliseconds to wait after the `failures`-th failure in a row.
 * Full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015): many that failed together do not come back together.
 */
export function backoffMs(
  { backoffMs: first, maxBackoffMs }: BackoffOptions,
  failures: number,
  random: () => number,
): number {
  return random() * Math.min(maxBackoffMs, first * 2 ** Math.min(failures - 1, 52));
}

/** Waits, or stops waiting when the signal aborts. Never rejects. */
export function pauseUntil(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancelTimer();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancelTimer = clock.timer(ms, end);
    signal.addEventListener("abort", end, { once: true });
  });
}
