import { refusalText } from "../place/rule-out.ts";
import { explainRefusal } from "../place/explain-refusal.ts";
import { column, features } from "../score/decision-table.ts";
import type { DecisionRecord } from "./decision-record.ts";
import type { MadeDecision } from "./made-decision.ts";

type ArmRecord = DecisionRecord["arms"][number];

/** The record of a decision: plain JSON from which it can be made again, bit by bit (`replayDecision`). */
export function writeRecord(made: MadeDecision): DecisionRecord {
  const { request, terms, choice } = made;
  const refusal = explainRefusal(made);
  return {
    version: 1,
    id: made.id,
    at: new Date(made.epochMs).toISOString(),
    snapshotVersion: made.snapshotVersion,
    request: {
      bucket: request.bucket,
      items: request.items,
      tenant: request.tenant,
      criticality: request.criticality ?? "normal",
    },
    terms: { ...terms, remainingMs: Number.isFinite(terms.remainingMs) ? terms.remainingMs : null },
    draw: made.draw,
    arms: made.arms.map((_, index) => writeArm(made, index)),
    choice: choice.arm < 0 ? null : choice.arm,
    explored: choice.explored,
    refusal: refusal === undefined ? null : { code: refusal.code, message: refusal.message },
  };
}

function writeArm({ arms, request, table, choice }: MadeDecision, index: number): ArmRecord {
  const arm = arms[index] as MadeDecision["arms"][number]; // callers count the arms
  const reason = table.refusals[index];
  if (reason !== undefined) {
    const known = { quality: table.get(index, column.quality), usd: table.get(index, column.usd) };
    const refused = { reason, text: refusalText(reason, request, arm, known) };
    return {
      arm: arm.id,
      pool: arm.pool,
      refused,
      features: null,
      score: null,
      onTimeProbability: null,
      propensity: 0,
    };
  }
  return {
    arm: arm.id,
    pool: arm.pool,
    refused: null,
    // One number per name.
    features: Object.fromEntries(
      features.map((name) => [name, table.get(index, column[name])]),
    ) as ArmRecord["features"],
    score: table.get(index, column.score),
    onTimeProbability: table.get(index, column.onTime),
    propensity: choice.arm < 0 ? 0 : table.get(index, column.propensity),
  };
}
