import { runJoinStep } from "./join.ts";
import { runLoopStep } from "./loop.ts";
import { runMapStep } from "./map.ts";
import type { Launch } from "./start-body.ts";
import { runPipelineStep } from "./sub-pipeline.ts";
import { runSwitchStep } from "./switch.ts";
import { runTransformStep } from "./transform-step.ts";
import { runWindowStep } from "./window.ts";

/** Runs the process of one step. */
export function launchStep(launch: Launch): Promise<void> {
  const { step } = launch;
  switch (step.kind) {
    case "transform":
      return runTransformStep({ ...launch, step });
    case "map":
      return runMapStep({ ...launch, step });
    case "switch":
      return runSwitchStep({ ...launch, step });
    case "loop":
      return runLoopStep({ ...launch, step });
    case "window":
      return runWindowStep({ ...launch, step });
    case "join":
      return runJoinStep({ ...launch, step });
    case "pipeline":
      return runPipelineStep({ ...launch, step });
  }
}
