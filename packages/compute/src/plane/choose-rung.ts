import type { RungChoice } from "@stargate/kernel";
import type { Arm } from "../route/types/arm.ts";
import type { Decision } from "../route/types/decision.ts";

/** A rung is good enough when its answer is in time with at least this probability. */
const LIKELY_IN_TIME = 0.8;

export interface RungWeighing {
  readonly choice: RungChoice;
  /** Arms that could serve a rung; undefined for a rung that needs no model, which is always in time. */
  readonly armsOf: (rung: RungChoice["rungs"][number]) => readonly Arm[] | undefined;
  /** Asks the router about one rung's model alone, without dispatching anything. */
  readonly preview: (arms: readonly Arm[], rung: RungChoice["rungs"][number]) => Decision;
  /** Asks the router to weigh arms of several rungs, whose `priorMs` says how long each takes. */
  readonly weigh: (arms: readonly Arm[]) => Decision;
}

/**
 * Where on a ladder to begin. With an objective the router weighs all rungs together; without one the best rung is used
 * as long as it is likely to be in time, and then the next: a ladder is for pressure, not for thrift.
 */
export function chooseRung(weighing: RungWeighing): { index: number; reason: string } | undefined {
  const { choice, armsOf, preview, weigh } = weighing;
  const arms = choice.rungs.map((rung) => armsOf(rung));
  const previews = arms.map((some, index) => some && preview(some, choice.rungs[index] as RungChoice["rungs"][number])); // same length
  if (choice.policy.objective !== undefined && previews.every((some) => some !== undefined)) {
    const timed = arms.map((some, index) => withPrior(some ?? [], previews[index]));
    const { arm } = weigh(timed.flat());
    const index = timed.findIndex((some) => arm !== undefined && some.includes(arm));
    return index <= 0 ? undefined : { index, reason: "preferred by the policy's objective" };
  }
  const chances = previews.map((decision) => (decision === undefined ? 1 : chanceOf(decision)));
  const likely = chances.findIndex((chance) => chance >= LIKELY_IN_TIME);
  const index = likely >= 0 ? likely : chances.indexOf(Math.max(...chances));
  if (index <= 0) return undefined;
  return { index, reason: `"${choice.rungs[0]?.name ?? ""}" would hardly be ready before the deadline` };
}

function chanceOf(decision: Decision): number {
  return decision.arm === undefined ? 0 : decision.predicted.onTimeProbability;
}

function withPrior(arms: readonly Arm[], decision: Decision | undefined): readonly Arm[] {
  if (decision?.arm === undefined) return arms;
  const { serviceMs } = decision.predicted;
  return arms.map((arm) => ({ ...arm, priorMs: serviceMs }));
}
