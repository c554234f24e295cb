import type { Policy } from "../../contract/policy.ts";

/** What of a policy applies inside one step. Limits of the whole run (`deadlineMs`, `completeness`) do not pass on. */
export type StepPolicy = Omit<Policy, "steps">;

/**
 * Policy of the step at `path` ("read/ocr"). Fields of the run hold for every step, then those of each enclosing
 * step, then the step's own; a step may be named by its full path or step by step (`steps.read.steps.ocr`).
 */
export function policyOfStep(policy: Policy, path: string): StepPolicy {
  const { steps, deadlineMs: _run, completeness: _whole, ...fields } = policy;
  if (steps === undefined) return fields;
  const direct = steps[path];
  const [head, ...rest] = path.split("/");
  const enclosing = rest.length > 0 && head !== undefined ? steps[head] : undefined;
  const inherited =
    enclosing === undefined ? fields : { ...fields, ...definedFields(policyOfStep(enclosing, rest.join("/"))) };
  return direct === undefined ? inherited : { ...inherited, ...definedFields(direct) };
}

function definedFields(policy: Policy): StepPolicy {
  return Object.fromEntries(
    Object.entries(policy).filter(([field, value]) => field !== "steps" && value !== undefined),
  );
}
