import type { Policy } from "../../contract/policy.ts";
import { didYouMean } from "../../util/nearest-name.ts";
import type { GraphBody, GraphStep } from "../graph.ts";
import { invalid } from "./compile-context.ts";

/**
 * Checks that policies of single steps name steps that are there, each by its id or, from further out, by its path
 * ("read/ocr"). Throws SG_GRAPH_INVALID.
 */
export function checkPolicy(policy: Policy, steps: readonly GraphStep[], prefix = ""): void {
  for (const [path, inner] of Object.entries(policy.steps ?? {})) {
    let place = prefix;
    let within = steps;
    for (const id of path.split("/")) {
      within = innerSteps(id, within, place);
      place = `${place}${id}/`;
    }
    checkPolicy(inner, within, place);
  }
}

/** Steps in the bodies of the step with this id. */
function innerSteps(id: string, steps: readonly GraphStep[], place: string): readonly GraphStep[] {
  const step = steps.find((candidate) => candidate.id === id);
  if (step !== undefined) return bodiesOf(step).flatMap((body) => body.steps);
  const ids = steps.map((candidate) => candidate.id);
  throw invalid(
    place + id,
    `the policy names step '${place}${id}', which is not there${didYouMean(id, ids)}`,
    ids.length === 0 ? "Remove it." : `Use one of: ${ids.join(", ")}.`,
  );
}

function bodiesOf(step: GraphStep): readonly GraphBody[] {
  if (step.kind === "switch") return [...step.cases.map((branch) => branch.body), step.otherwise];
  return "body" in step ? [step.body] : [];
}
