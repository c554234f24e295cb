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
