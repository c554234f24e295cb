import { evaluateCondition } from "../../graph/evaluate-condition.ts";
import { Absence } from "../edge/absence.ts";
import type { Launch } from "./start-body.ts";
import {
  bodyInputs,
  failedSoftly,
  giveAbsence,
  inStructuralStep,
  runNested,
  valueOfInlet,
  type StepOf,
} from "./structural-step.ts";

/** Process of a switch: decides once, then the branch reads and writes the switch's own wires. */
export async function runSwitchStep(launch: Launch<StepOf<"switch">>): Promise<void> {
  const { step, out } = launch;
  const on = await valueOfInlet(launch, 0);
  if (on instanceof Absence) return giveAbsence(launch, on);
  await inStructuralStep(launch, async () => {
    const subject = { descriptor: on.descriptor, value: on.value };
    const taken = step.spec.cases.findIndex(({ when }) => evaluateCondition(when, subject));
    const body = step.cases[taken] ?? step.otherwise;
    const failure = await runNested(launch, {
      body,
      inputs: bodyInputs(launch, 1),
      target: out,
      scope: { isolated: step.spec.soft === true },
    });
    if (failure !== undefined) failedSoftly(launch, failure);
  });
}
