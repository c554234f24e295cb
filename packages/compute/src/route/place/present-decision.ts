import { at, scoreArms, totalTime } from "../score/score-arms.ts";
import type { MadeDecision } from "../record/made-decision.ts";
import type { Candidate, Decision, Prediction } from "../types/decision.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { refusalText } from "./rule-out.ts";

/** 95 of 100 standard normal values are below it. */
const NORMAL_P95 = 1.6449;

/** What the caller sees of a decision. The list of candidates is made when it is read. */
export function presentDecision(made: MadeDecision): Decision {
  const { id, snapshotVersion, choice, arms } = made;
  const warm = warmUp(made);
  let candidates: readonly Candidate[] | undefined;
  const base = {
    id,
    snapshotVersion,
    ...(warm === undefined ? {} : { warmUp: warm }),
    get candidates() {
      return (candidates ??= arms.map((_, index) => candidate(made, index)));
    },
  };
  const refusal = explainRefusal(made);
  if (refusal !== undefined) return Object.assign(base, { refusal });
  return Object.assign(base, {
    arm: arms[choice.arm] as MadeDecision["arms"][number], // a choice is one of the arms
    predicted: predict(made, choice.arm),
    propensity: at(choice.propensity, choice.arm),
    explored: choice.explored,
  });
}

function predict({ table, scores }: MadeDecision, index: number): Prediction {
  const logMean = at(table.serviceLogMean, index);
  const logVariance = at(table.serviceLogVariance, index);
  const total = totalTime(table, index, logMean, logVariance);
  return {
    waitMs: at(table.waitMs, index),
    serviceMs: Math.exp(logMean + logVariance / 2),
    coldMs: at(table.coldMs, index),
    p95Ms: Math.exp(total.logMean + NORMAL_P95 * total.logDeviation),
    usd: at(table.usd, index),
    joules: at(table.joules, index),
    quality: at(table.quality, index),
    onTimeProbability: at(scores.onTime, index),
  };
}

function candidate(made: MadeDecision, index: number): Candidate {
  const arm = made.arms[index] as MadeDecision["arms"][number]; // callers count the arms
  const { table, scores, choice, request } = made;
  const reason = made.refusals[index];
  const known = { quality: at(table.quality, index), usd: at(table.usd, index) };
  const refused = reason === undefined ? {} : { refused: { reason, text: refusalText(reason, request, arm, known) } };
  const { waitMs, serviceMs, coldMs, usd, joules, quality, onTimeProbability } = predict(made, index);
  return {
    arm: arm.id,
    pool: arm.pool,
    ...refused,
    score: reason === undefined ? at(scores.score, index) : Number.NaN,
    waitMs,
    serviceMs,
    coldMs,
    usd,
    joules,
    quality,
    failureProbability: at(table.failureProbability, index),
    onTimeProbability,
    propensity: at(choice.propensity, index),
  };
}

/** The arm that would have won clearly if its model were loaded. */
function warmUp({ table, terms, scores, arms }: MadeDecision): string | undefined {
  if (!table.coldMs.some((ms) => ms > 0)) return undefined;
  const warm = scoreArms(terms, { ...table, coldMs: new Float64Array(table.arms) });
  let best = -1;
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.refused[arm] !== 1 && (best < 0 || at(warm.score, arm) > at(warm.score, best))) best = arm;
  }
  if (best < 0 || at(table.coldMs, best) === 0) return undefined;
  const standing = Math.max(...scores.score);
  return at(warm.score, best) > standing + terms.temperature ? arms[best]?.id : undefined;
}
