import type { FeatureTable } from "./feature-table.ts";
import { at, type Scores } from "./score-arms.ts";
import type { Terms } from "./terms.ts";

export interface Choice {
  /** Index of the arm; -1: none may be used, -2: none would be in time. */
  readonly arm: number;
  readonly explored: boolean;
  /** Probability of each arm. */
  readonly propensity: Float64Array;
}

export const NO_ARM = -1;
export const TOO_LATE = -2;

/** Scores further below the best than this many temperatures never win. */
const REACH = 5;
/** Exploring must leave room for a second attempt: this many times the predicted time. */
const SLACK = 2;

/**
 * Picks by one random number. With probability `exploration` an arm whose hopeful score beats the best, if there is
 * one and slack allows; else one of the best, softly, so that equal arms share the calls and several routers that see the
 * same reports do not all run to the same place. Both distributions are explicit: the propensities are exact.
 */
export function chooseArm(terms: Terms, table: FeatureTable, scores: Scores, draw: number): Choice {
  const propensity = new Float64Array(table.arms);
  let best = NO_ARM;
  let surest = 0;
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.refused[arm] === 1) continue;
    if (best < 0 || at(scores.score, arm) > at(scores.score, best)) best = arm;
    surest = Math.max(surest, at(scores.onTime, arm));
  }
  if (best < 0) return { arm: NO_ARM, explored: false, propensity };
  if (surest < terms.admission) return { arm: TOO_LATE, explored: false, propensity };

  const bestScore = at(scores.score, best);
  const usual = new Float64Array(table.arms);
  let usualSum = 0;
  const curious = new Float64Array(table.arms);
  let curiousSum = 0;
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.refused[arm] === 1) continue;
    const behind = (at(scores.score, arm) - bestScore) / terms.temperature;
    if (behind > -REACH) usualSum += usual[arm] = Math.exp(behind);
    const hope = at(scores.hopeful, arm) - bestScore;
    if (terms.exploration > 0 && hope > 0 && arm !== best && hasSlack(terms, table, arm))
      curiousSum += curious[arm] = hope;
  }
  const exploration = curiousSum > 0 ? terms.exploration : 0;
  for (let arm = 0; arm < table.arms; arm++) {
    propensity[arm] =
      (1 - exploration) * (at(usual, arm) / usualSum) +
      (curiousSum > 0 ? exploration * (at(curious, arm) / curiousSum) : 0);
  }
  const explored = draw < exploration;
  const chosen = explored
    ? pick(curious, curiousSum, draw / exploration)
    : pick(usual, usualSum, (draw - exploration) / (1 - exploration));
  return { arm: chosen, explored, propensity };
}

function hasSlack(terms: Terms, table: FeatureTable, arm: number): boolean {
  const serviceMs = Math.exp(at(table.serviceLogMean, arm) + at(table.serviceLogVariance, arm) / 2);
  return terms.remainingMs >= SLACK * (at(table.waitMs, arm) + at(table.coldMs, arm) + serviceMs);
}

function pick(weights: Float64Array, sum: number, draw: number): number {
  let left = draw * sum;
  let last = 0;
  for (let arm = 0; arm < weights.length; arm++) {
    const weight = at(weights, arm);
    if (weight === 0) continue;
    last = arm;
    left -= weight;
    if (left < 0) return arm;
  }
  return last;
}
