import type { CompiledBody } from "../../graph/compiled-graph.ts";
import type { RunState } from "../run-state.ts";

/** A new stream begins: steps of the body that keep one state per stream start afresh. */
export function forgetStreams(run: RunState, body: CompiledBody): void {
  if (!body.stateful) return;
  for (const step of body.steps) {
    if (step.kind === "transform") {
      if (step.transform.state?.scope === "stream") run.state.forget(step.path);
    } else if (step.kind === "switch") for (const branch of [...step.cases, step.otherwise]) forgetStreams(run, branch);
    else if ("body" in step) forgetStreams(run, step.body);
  }
}
