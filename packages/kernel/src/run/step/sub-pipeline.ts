import type { Launch } from "./start-body.ts";
import { bodyInputs, failedSoftly, inStructuralStep, runNested, type StepOf } from "./structural-step.ts";

/** Process of a sub-pipeline: its body reads and writes the step's own wires. */
export async function runPipelineStep(launch: Launch<StepOf<"pipeline">>): Promise<void> {
  const { step, out } = launch;
  await inStructuralStep(launch, async () => {
    const failure = await runNested(launch, {
      body: step.body,
      inputs: bodyInputs(launch, 0),
      target: out,
      scope: { isolated: step.spec.soft === true },
    });
    if (failure !== undefined) failedSoftly(launch, failure);
  });
}
