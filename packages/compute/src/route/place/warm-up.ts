import { column } from "../score/decision-table.ts";
import { bestArm } from "../score/choose-arm.ts";
import { scoreArms } from "../score/score-arms.ts";
import type { Arm } from "../types/arm.ts";
import type { MadeDecision } from "../record/made-decision.ts";

/** The arm that would be clearly better than the best if its model were loaded; undefined when there is none. */
export function worthWarming({ table, terms, arms, choice }: MadeDecision): Arm | undefined {
  if (!arms.some(({ cold }) => cold === true)) return undefined;
  const warm = table.copy();
  for (let arm = 0; arm < warm.arms; arm++) {
    warm.set(arm, column.coldMs, 0);
    warm.set(arm, column.hopefulColdMs, 0);
  }
  scoreArms(terms, warm);
  const best = bestArm(warm);
  const standing = bestArm(table);
  // The chosen one is being loaded for this very call.
  if (best < 0 || best === choice.arm || arms[best]?.cold !== true) return undefined;
  const isBetter = warm.get(best, column.score) > table.get(standing, column.score) + terms.temperature;
  return isBetter ? arms[best] : undefined;
}
