import type { Policy } from "../contract/policy.ts";

/** Lays `inner` over `outer`, field by field; policies of single steps are merged by step id in the same way. */
export function mergePolicies(outer: Policy | undefined, inner: Policy | undefined): Policy {
  if (outer === undefined) return inner ?? {};
  if (inner === undefined) return outer;
  const merged: { -readonly [Field in keyof Policy]: Policy[Field] } = { ...outer };
  for (const [field, value] of Object.entries(inner)) {
    if (value !== undefined && field !== "steps") Object.assign(merged, { [field]: value });
  }
  if (outer.steps !== undefined && inner.steps !== undefined) {
    const steps: Record<string, Policy> = { ...outer.steps };
    for (const [step, policy] of Object.entries(inner.steps)) steps[step] = mergePolicies(steps[step], policy);
    merged.steps = steps;
  } else if (inner.steps !== undefined) merged.steps = inner.steps;
  return merged;
}

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
