import type { ComputeScope } from "../../contract/compute-plane.ts";
import type { RunState } from "../run-state.ts";
import type { StepRecord } from "./step-record.ts";

/** On whose behalf a step asks for models. */
export function computeScope(run: RunState, { path, policy }: StepRecord, deadlineMs: number): ComputeScope {
  return { tenant: run.tenant, runId: run.id, step: path, policy, deadlineMs };
}
