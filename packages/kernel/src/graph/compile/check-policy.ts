import type { Policy } from "../../contract/policy.ts";
import { didYouMean } from "../../util/nearest-name.ts";
import type { GraphBody, GraphStep } from "../graph.ts";
import { invalid } from "./compile-context.ts";

/** Checks that policies of single steps name steps that are there. Throws SG_GRAPH_INVALID. */
export function checkPolicy(policy: Policy, steps: readonly GraphStep[], prefix = ""): void {
  for (const [id, inner] of Object.entries(policy.steps ?? {})) {
    const step = steps.find((candidate) => candidate.id === id);
    const ids = steps.map((candidate) => candidate.id);
    if (step === undefined)
      throw invalid(
        prefix + id,
        `the policy names step '${prefix}${id}', which is not there${didYouMean(id, ids)}`,
        ids.length === 0 ? "Remove it." : `Use one of: ${ids.join(", ")}.`,
      );
    checkPolicy(
      inner,
      bodiesOf(step).flatMap((body) => body.steps),
      `${prefix}${id}/`,
    );
  }
}

function bodiesOf(step: GraphStep): readonly GraphBody[] {
  if (step.kind === "switch") return [...step.cases.map((branch) => branch.body), step.otherwise];
  return "body" in step ? [step.body] : [];
}
