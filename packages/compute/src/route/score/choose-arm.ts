import { column, type DecisionTable } from "./decision-table.ts";
import type { Terms } from "./terms.ts";

export interface Choice {
  /** Index of the arm, `NO_ARM`, `TOO_LATE` or `TOO_CROWDED`. */
  readonly arm: number;
  readonly explored: boolean;
}

/** Every arm is ruled out. */
export const NO_ARM = -1;
/** Arms are allowed, but none would be in time. */
export const TOO_LATE = -2;

/** Answering would cost those behind it in the queue more than it is worth. */
export const TOO_CROWDED = -3;

/** Scores further below the best than this many temperatures never win. */
const REACH = 5;
/** Exploring must leave room for a second attempt: this many times the predicted time. */
const SLACK = 2;

/**
 * Picks by one random number. With probability `exploration` an arm whose hopeful score beats the best, if there is
 * one and slack allows; else one of the best, softly, so that equal arms share the calls and several routers that see the
 * same reports do not all run to the same place. Both distributions are explicit: the propensities, which it writes
 * into the table, are exact.
 */
export function chooseArm(terms: Terms, table: DecisionTable, draw: number): Choice {
  const best = bestArm(table);
  if (best === NO_ARM) return { arm: NO_ARM, explored: false };
  if (surest(table) < terms.admission) return { arm: TOO_LATE, explored: false };
  if (terms.yields && isCrowdedOut(table)) return { arm: TOO_CROWDED, explored: false };

  const bestScore = table.get(best, column.score);
  let usualSum = 0;
  let curiousSum = 0;
  for (let arm = 0; arm < table.arms; arm++) {
    if (!table.isAllowed(arm)) continue;
    const behind = (table.get(arm, column.score) - bestScore) / terms.temperature;
    const usual = behind > -REACH ? Math.exp(behind) : 0;
    const hope = table.get(arm, column.hopeful) - bestScore;
    const curious = terms.exploration > 0 && hope > 0 && arm !== best && hasSlack(terms, table, arm) ? hope : 0;
    table.set(arm, column.usual, usual);
    table.set(arm, column.curious, curious);
    usualSum += usual;
    curiousSum += curious;
  }
  const exploration = curiousSum > 0 ? terms.exploration : 0;
  for (let arm = 0; arm < table.arms; arm++) {
    const usual = (1 - exploration) * (table.get(arm, column.usual) / usualSum);
    const curious = curiousSum > 0 ? exploration * (table.get(arm, column.curious) / curiousSum) : 0;
    table.set(arm, column.propensity, usual + curious);
  }
  const explored = draw < exploration;
  const arm = explored
    ? pick(table, column.curious, (draw / exploration) * curiousSum)
    : pick(table, column.usual, ((draw - exploration) / (1 - exploration)) * usualSum);
  return { arm, explored };
}

/** The arm with the best score; `NO_ARM` when none is allowed. */
export function bestArm(table: DecisionTable): number {
  let best = NO_ARM;
  for (let arm = 0; arm < table.arms; arm++) {
    if (!table.isAllowed(arm)) continue;
    if (best === NO_ARM || table.get(arm, column.score) > table.get(best, column.score)) best = arm;
  }
  return best;
}

/**
 * Best chance to be in time if nothing fails, arms nobody knows well given the benefit of the doubt: neither ignorance nor
 * failures are a reason to refuse. What fails too often is the breakers' matter, and they never take the last place.
 */
function surest(table: DecisionTable): number {
  let found = 0;
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.isAllowed(arm)) found = Math.max(found, table.get(arm, column.hopefulInTime));
  }
  return found;
}

function isCrowdedOut(table: DecisionTable): boolean {
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.isAllowed(arm) && table.get(arm, column.worth) >= 0) return false;
  }
  return true;
}

function hasSlack(terms: Terms, table: DecisionTable, arm: number): boolean {
  const serviceMs = Math.exp(table.get(arm, column.serviceLogMean) + table.get(arm, column.serviceLogVariance) / 2);
  return terms.remainingMs >= SLACK * (table.get(arm, column.waitMs) + table.get(arm, column.coldMs) + serviceMs);
}

/** The arm in which the running sum of a column passes `left`. */
function pick(table: DecisionTable, weights: number, left: number): number {
  let last = 0;
  let rest = left;
  for (let arm = 0; arm < table.arms; arm++) {
    const weight = table.get(arm, weights);
    if (weight === 0) continue;
    last = arm;
    rest -= weight;
    if (rest < 0) return arm;
  }
  return last;
}
