import { fail } from "./catalog.ts";
import { isStargateError } from "./stargate-error.ts";

/** Throws why the caller gave up, when it has. */
export function throwIfCancelled(signal: AbortSignal, what?: string): void {
  if (signal.aborted) throw cancellationOf(signal, what);
}

/** Why the caller gave up: the signal's own reason when that is one of ours (a deadline), else SG_RUN_CANCELLED. */
export function cancellationOf(signal: AbortSignal, what = "The work"): Error {
  const reason: unknown = signal.reason;
  return isStargateError(reason) ? reason : fail("SG_RUN_CANCELLED", `${what} was cancelled`, { cause: reason });
}
