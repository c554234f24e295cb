import type { RungChoice } from "@stargate/kernel";
import type { Arm } from "../route/types/arm.ts";
import type { Decision } from "../route/types/decision.ts";

/** A rung is good enough when its answer is in time with at least this probability. */
const LIKELY_IN_TIME = 0.8;

export interface RungWeighing {
  readonly choice: RungChoice;
  /** Arms that could serve a rung; undefined for a rung that needs no model, which is always in time. */
  armsOf(rung: RungChoice["rungs"][number]): readonly Arm[] | undefined;
  /** Asks the router without dispatching anything. */
  preview(arms: readonly Arm[]): Decision;
}

/**
 * Where on a ladder to begin. With an objective the router weighs all rungs together; without one the best rung is used
 * as long as it is likely to be in time, and then the next: a ladder is for pressure, not for thrift.
 */
export function chooseRung({ choice, armsOf, preview }: RungWeighing): { index: number; reason: string } | undefined {
  const { rungs, policy } = choice;
  const arms = rungs.map((rung) => armsOf(rung));
  if (policy.objective !== undefined && arms.every((some) => some !== undefined)) {
    const decision = preview(arms.flat());
    const index = rungs.findIndex(({ name }) => name === decision.arm?.rung);
    return index <= 0 ? undefined : { index, reason: "preferred by the policy's objective" };
  }
  let best = { index: 0, probability: -1 };
  for (const [index, some] of arms.entries()) {
    const decision = some && preview(some);
    const probability = decision === undefined ? 1 : ((decision.arm && decision.predicted.onTimeProbability) ?? 0);
    if (probability > best.probability) best = { index, probability };
    if (probability >= LIKELY_IN_TIME) break;
  }
  if (best.index === 0) return undefined;
  const first = rungs[0]?.name ?? "";
  return { index: best.index, reason: `"${first}" would hardly be ready before the deadline` };
}
