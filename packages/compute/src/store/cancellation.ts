import { isStargateError } from "@stargate/kernel";
import { fail } from "./model-errors.ts";

/** Throws why the caller gave up, when it has: its own error, or SG_RUN_CANCELLED. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancellationOf(signal);
}

export function cancellationOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return isStargateError(reason) ? reason : fail("SG_RUN_CANCELLED", "The caller gave up", { cause: reason });
}
