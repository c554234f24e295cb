import type { Launch } from "./start-body.ts";
import { runTransformStep } from "./transform-step.ts";
import type { CompiledTransformStep } from "../graph/compiled-graph.ts";

/** Runs the process of one step. */
export function launchStep(launch: Launch): Promise<void> {
  return runTransformStep(launch as Launch<CompiledTransformStep>);
}
