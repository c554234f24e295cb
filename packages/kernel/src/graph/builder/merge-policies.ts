import type { Policy } from "../../contract/policy.ts";

/** `over` wins field by field, in policies of single steps, too. */
export function mergePolicies(under: Policy, over: Policy): Policy {
  const steps: Record<string, Policy> = { ...under.steps };
  for (const [id, policy] of Object.entries(over.steps ?? {})) steps[id] = mergePolicies(steps[id] ?? {}, policy);
  return { ...under, ...over, ...(Object.keys(steps).length > 0 && { steps }) };
}
