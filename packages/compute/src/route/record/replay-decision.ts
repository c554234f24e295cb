import { chooseArm } from "../score/choose-arm.ts";
import { column, DecisionTable, features } from "../score/decision-table.ts";
import { scoreArms } from "../score/score-arms.ts";
import type { RefusalReason } from "../types/decision.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** A decision made again from its record. */
export interface Replay {
  /** Id of the arm; null: refused. */
  readonly arm: string | null;
  /** Where it differs from the record: empty unless the record, or this version of the router, is another. */
  readonly differences: readonly string[];
}

/**
 * Makes a recorded decision again: the same numbers go through the same functions, and every score and probability must
 * come out with the same bits.
 */
export function replayDecision(record: DecisionRecord): Replay {
  const table = new DecisionTable(record.arms.length);
  for (const [index, arm] of record.arms.entries()) {
    table.refusals.push(arm.refused === null ? undefined : (arm.refused.reason as RefusalReason)); // written by this router
    for (const name of features) table.set(index, column[name], featureOf(arm, name));
  }
  const terms = { ...record.terms, remainingMs: record.terms.remainingMs ?? Number.POSITIVE_INFINITY };
  scoreArms(terms, table);
  const choice = chooseArm(terms, table, record.draw);
  const differences: string[] = [];
  const compare = (what: string, recorded: unknown, again: unknown) => {
    if (!Object.is(recorded, again)) differences.push(`${what}: recorded ${String(recorded)}, now ${String(again)}`);
  };
  compare("choice", record.choice, choice.arm < 0 ? null : choice.arm);
  compare("explored", record.explored, choice.explored);
  for (const [index, arm] of record.arms.entries()) {
    if (arm.refused !== null) continue;
    compare(`score of ${arm.arm}`, arm.score, table.get(index, column.score));
    compare(`probability of ${arm.arm} to be in time`, arm.onTimeProbability, table.get(index, column.onTime));
    compare(`propensity of ${arm.arm}`, arm.propensity, choice.arm < 0 ? 0 : table.get(index, column.propensity));
  }
  return { arm: record.arms[choice.arm]?.arm ?? null, differences };
}

function featureOf(arm: DecisionRecord["arms"][number], name: (typeof features)[number]): number {
  const values: Readonly<Record<string, number>> = arm.features ?? {};
  return values[name] ?? 0;
}
