import { didYouMean } from "../../util/nearest-name.ts";
import type { GraphBody, GraphStep } from "../graph.ts";
import { invalid, type CompileContext } from "./compile-context.ts";
import { wiresOf } from "./feeds.ts";

/**
 * Steps so that each comes after those it reads from; of steps that are ready the one with the smallest id comes
 * first, so the order in which they were listed leaves no trace in the plan hash.
 * Throws SG_GRAPH_INVALID for two wires of one name, an unknown wire, and a cycle.
 */
export function orderSteps(body: GraphBody, { prefix }: CompileContext): readonly GraphStep[] {
  const steps = indexSteps(body, prefix);
  const known = [...Object.keys(body.inputs), ...steps.keys()];
  const waiting = new Map<string, Set<string>>();
  for (const step of steps.values()) {
    for (const wire of wiresOf(step)) {
      if (!known.includes(wire))
        throw invalid(
          prefix + step.id,
          `step '${prefix}${step.id}' reads wire '${wire}', which is neither an input nor a step${didYouMean(wire, known)}`,
          `Use one of: ${known.join(", ")}.`,
        );
    }
    waiting.set(step.id, new Set(wiresOf(step).filter((wire) => steps.has(wire))));
  }
  const ordered: GraphStep[] = [];
  while (waiting.size > 0) {
    const next = [...waiting]
      .filter(([, sources]) => sources.size === 0)
      .map(([id]) => id)
      .sort()[0];
    if (next === undefined) throw cycleError(waiting, prefix);
    waiting.delete(next);
    for (const sources of waiting.values()) sources.delete(next);
    ordered.push(steps.get(next) as GraphStep); // ids of `waiting` are those of `steps`
  }
  return ordered;
}

function indexSteps(body: GraphBody, prefix: string): ReadonlyMap<string, GraphStep> {
  const steps = new Map<string, GraphStep>();
  for (const step of body.steps) {
    const path = prefix + step.id;
    if (steps.has(step.id))
      throw invalid(path, `two steps have the id '${path}'`, "Give every step of a pipeline its own id.");
    if (Object.hasOwn(body.inputs, step.id))
      throw invalid(
        path,
        `step '${path}' has the name of an input`,
        "Rename the step: inputs and steps share one set of wire names.",
      );
    steps.set(step.id, step);
  }
  return steps;
}

/** Every step left waits for another one left: following the waits from any of them runs into the cycle. */
function cycleError(waiting: ReadonlyMap<string, ReadonlySet<string>>, prefix: string): Error {
  const trail: string[] = [];
  let id = [...waiting.keys()][0] ?? "";
  while (!trail.includes(id)) {
    trail.push(id);
    id = [...(waiting.get(id) ?? [])][0] ?? "";
  }
  const cycle = [...trail.slice(trail.indexOf(id)), id].reverse().map((step) => prefix + step);
  return invalid(
    cycle[0] ?? "",
    `steps feed one another in a circle: ${cycle.join(" -> ")}`,
    "Break the circle; to repeat steps use a loop.",
  );
}
