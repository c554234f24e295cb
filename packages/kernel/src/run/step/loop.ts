import type { Payload } from "../../contract/payload.ts";
import { evaluateCondition } from "../../graph/evaluate-condition.ts";
import { Absence } from "../edge/absence.ts";
import { Cell } from "../edge/cell.ts";
import type { Launch } from "./start-body.ts";
import {
  failedSoftly,
  giveAbsence,
  inStructuralStep,
  runNested,
  valueOfInlet,
  type StepOf,
} from "./structural-step.ts";

/** Process of a loop: repeats its body on what the body gave until the condition holds or the bound is reached. */
export async function runLoopStep(launch: Launch<StepOf<"loop">>): Promise<void> {
  const { run, process, step, out } = launch;
  const { until, maxIterations, soft } = step.spec;
  const first = await valueOfInlet(launch, 0);
  if (first instanceof Absence) return giveAbsence(launch, first);
  await inStructuralStep(launch, async (record) => {
    const [inputName = ""] = step.body.inputs.keys();
    let payload: Payload = first;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      const input = new Cell(process);
      input.set(payload);
      const target = new Cell(process);
      const failure = await runNested(launch, {
        body: step.body,
        inputs: new Map([[inputName, input]]),
        target,
        scope: { isolated: soft === true, oneOfMany: true },
      });
      if (failure !== undefined) return failedSoftly(launch, failure);
      const result = target.value as Payload | Absence; // a body that ended without failure has set its output
      if (result instanceof Absence) return giveAbsence(launch, result);
      payload = result;
      if (evaluateCondition(until, { descriptor: payload.descriptor, value: payload.value })) return give(out, payload);
      const pause = run.breathe();
      if (pause !== undefined) await pause;
    }
    run.addIssue({
      step: record.path,
      code: "SG_RUN_LOOP_LIMIT",
      message: `The condition of loop "${record.path}" did not hold after ${maxIterations} iterations; the last value was taken`,
      ...(process.scope.item !== undefined && { item: process.scope.item }),
    });
    give(out, payload);
  });
}

function give(out: Launch["out"], payload: Payload): void {
  if (out instanceof Cell) out.set(payload);
}
