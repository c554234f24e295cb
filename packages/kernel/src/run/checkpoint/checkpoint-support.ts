import { fail } from "../../errors/catalog.ts";
import type { CompiledBody, CompiledGraph, CompiledStep } from "../../graph/compiled-graph.ts";
import { planBody } from "../step/body-plan.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * Checks that a run of the graph can go on from a checkpoint. Throws SG_RUN_CHECKPOINT_UNSUPPORTED for a graph
 * without stream input, for a step that reads a stream and does not declare what it remembers of it, and for one that
 * makes a stream of single values, which would begin anew; SG_STATE_INVALID for a checkpoint of another plan.
 */
export function checkResumable(graph: CompiledGraph, stored: Checkpoint | undefined): void {
  if (![...graph.inputs.values()].some((port) => port.many))
    throw fail(
      "SG_RUN_CHECKPOINT_UNSUPPORTED",
      `Pipeline "${graph.graph.name}" has no stream input, so there is nothing to resume`,
    );
  if (stored !== undefined && stored.planHash !== graph.planHash)
    throw fail(
      "SG_STATE_INVALID",
      `The stored checkpoint belongs to plan ${stored.planHash}, not to ${graph.planHash}`,
      { hint: "Finish with the old pipeline, or delete the checkpoint." },
    );
  for (const { step, feeds } of lastingSteps(graph)) {
    if (step.kind !== "transform") continue;
    const readsStream = feeds.some(({ many }) => many);
    if (readsStream && step.transform.state === undefined) {
      throw fail(
        "SG_RUN_CHECKPOINT_UNSUPPORTED",
        `Step "${step.path}" (${step.transform.id}) reads a stream and declares no state, so a checkpoint cannot hold what it has read`,
        { hint: "Declare `state` in the transform, put it into a window, or run without checkpoints." },
      );
    }
    if (!readsStream && step.output.many) {
      throw fail(
        "SG_RUN_CHECKPOINT_UNSUPPORTED",
        `Step "${step.path}" (${step.transform.id}) makes a stream of single values; it would begin anew on restart`,
        { hint: "Feed its items as a stream input, or run without checkpoints." },
      );
    }
  }
}

/** State a restarted run goes on with: that of steps which begin anew (they work on single values) is left out. */
export function restoredState(graph: CompiledGraph, stored: Checkpoint | undefined): Checkpoint["state"] {
  const anew = lastingSteps(graph).filter(
    ({ step, feeds }) => step.kind === "loop" || (step.kind === "transform" && !feeds.some(({ many }) => many)),
  );
  const beginsAnew = (path: string): boolean =>
    anew.some(({ step }) => path === step.path || path.startsWith(`${step.path}/`));
  return Object.fromEntries(Object.entries(stored?.state ?? {}).filter(([path]) => !beginsAnew(path)));
}

/** Steps that run once per run, however deep in sub-pipelines and branches: not those in maps and loops. */
function lastingSteps(body: CompiledBody): ReturnType<typeof planBody>["steps"] {
  return planBody(body).steps.flatMap((plan) => [plan, ...lastingBodies(plan.step).flatMap(lastingSteps)]);
}

function lastingBodies(step: CompiledStep): readonly CompiledBody[] {
  if (step.kind === "switch") return [...step.cases, step.otherwise];
  return step.kind === "pipeline" ? [step.body] : [];
}
