import { fail } from "../../errors/catalog.ts";
import { isStargateError, type StargateError } from "../../errors/stargate-error.ts";
import type { StepRecord } from "./step-record.ts";

/** Typed form of whatever a step threw: StargateErrors as they are, anything else as SG_RUN_FAILED with its cause. */
export function stepError(thrown: unknown, record: StepRecord): StargateError {
  if (isStargateError(thrown)) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return fail("SG_RUN_FAILED", `Step "${record.path}" (${record.uses}) failed: ${reason}`, {
    cause: thrown,
    details: { step: record.path },
  });
}
