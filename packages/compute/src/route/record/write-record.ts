import { refusalText } from "../place/rule-out.ts";
import { explainRefusal } from "../place/explain-refusal.ts";
import { features } from "../score/feature-table.ts";
import { at } from "../score/score-arms.ts";
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

function writeArm({ arms, request, table, refusals, scores, choice }: MadeDecision, index: number): ArmRecord {
  const arm = arms[index] as MadeDecision["arms"][number]; // callers count the arms
  const reason = refusals[index];
  const known = { quality: at(table.quality, index), usd: at(table.usd, index) };
  const allowed = reason === undefined;
  return {
    arm: arm.id,
    pool: arm.pool,
    refused: allowed ? null : { reason, text: refusalText(reason, request, arm, known) },
    features: allowed
      ? (Object.fromEntries(features.map((name) => [name, at(table[name], index)])) as ArmRecord["features"]) // one per name
      : null,
    score: allowed ? at(scores.score, index) : null,
    onTimeProbability: allowed ? at(scores.onTime, index) : null,
    propensity: at(choice.propensity, index),
  };
}
