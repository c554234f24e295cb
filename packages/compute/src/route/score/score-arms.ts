import type { FeatureTable } from "./feature-table.ts";
import { normalCdf } from "./normal.ts";
import type { Terms } from "./terms.ts";

export interface Scores {
  readonly score: Float64Array;
  /** Probability of an answer that is in time and no failure. */
  readonly onTime: Float64Array;
  /** Score if what is not known well turned out favourably: an arm is worth learning about when this beats the best. */
  readonly hopeful: Float64Array;
}

/** Deviations by which a hopeful score is better than the expected one. */
const HOPE = 1.5;

/**
 * Expected utility of every arm: P(in time) * (value of an answer in time + quality) - cost - energy - latency, each by
 * its weight. A pure function of the recorded numbers: the same numbers give the same bits.
 */
export function scoreArms(terms: Terms, table: FeatureTable): Scores {
  const scores: Scores = {
    score: new Float64Array(table.arms),
    onTime: new Float64Array(table.arms),
    hopeful: new Float64Array(table.arms),
  };
  for (let arm = 0; arm < table.arms; arm++) {
    if (table.refused[arm] === 1) {
      scores.score[arm] = Number.NEGATIVE_INFINITY;
      scores.hopeful[arm] = Number.NEGATIVE_INFINITY;
      continue;
    }
    const variance = at(table.serviceLogVariance, arm);
    const ignorance = at(table.serviceLogIgnorance, arm);
    const failure = at(table.failureProbability, arm);
    const quality = at(table.quality, arm);
    const expected = outlook(terms, table, arm, at(table.serviceLogMean, arm), variance, 1);
    scores.onTime[arm] = expected.inTime * (1 - failure);
    scores.score[arm] = utility(terms, at(scores.onTime, arm), quality, expected);
    if (terms.exploration > 0) {
      const shift = HOPE * Math.sqrt(ignorance);
      const hoped = outlook(
        terms,
        table,
        arm,
        at(table.serviceLogMean, arm) - shift,
        variance - ignorance,
        Math.exp(-shift),
      );
      const hopedFailure = Math.max(0, failure - HOPE * at(table.failureDeviation, arm));
      const hopedQuality = Math.min(1, quality + HOPE * at(table.qualityDeviation, arm));
      scores.hopeful[arm] = utility(terms, hoped.inTime * (1 - hopedFailure), hopedQuality, hoped);
    }
  }
  return scores;
}

/** What one arm's times and costs look like for one service time distribution. `speed`: its mean over the expected one. */
interface Outlook {
  readonly inTime: number;
  readonly cost: number;
  readonly energy: number;
  readonly latency: number;
}

function outlook(
  terms: Terms,
  table: FeatureTable,
  arm: number,
  logMean: number,
  logVariance: number,
  speed: number,
): Outlook {
  const cost = at(table.usd, arm) * (at(table.hourly, arm) === 1 ? speed : 1);
  const total = totalTime(table, arm, logMean, logVariance);
  return {
    inTime: probabilityWithin(terms.remainingMs, total),
    cost: cost / terms.scales.usd,
    energy: (at(table.joules, arm) * speed * at(table.carbonFactor, arm)) / terms.scales.joules,
    latency: Math.min(1, total.meanMs / terms.scales.latencyMs),
  };
}

function utility({ weights, deadlineValue }: Terms, onTime: number, quality: number, seen: Outlook): number {
  return (
    onTime * (deadlineValue + weights.quality * quality) -
    weights.cost * seen.cost -
    weights.energy * seen.energy -
    weights.latency * seen.latency
  );
}

/** Mean of the whole time, and the parameters of the log-normal distribution with its first two moments. */
export interface TotalTime {
  readonly meanMs: number;
  readonly logMean: number;
  readonly logDeviation: number;
}

export function totalTime(table: FeatureTable, arm: number, logMean: number, logVariance: number): TotalTime {
  const serviceMs = Math.exp(logMean + logVariance / 2);
  const serviceVariance = Math.expm1(logVariance) * serviceMs * serviceMs;
  const meanMs = at(table.waitMs, arm) + at(table.coldMs, arm) + serviceMs;
  const relative = (at(table.waitVariance, arm) + serviceVariance) / (meanMs * meanMs);
  const logTotal = Math.log1p(relative);
  return { meanMs, logMean: Math.log(meanMs) - logTotal / 2, logDeviation: Math.sqrt(logTotal) };
}

function probabilityWithin(limitMs: number, total: TotalTime): number {
  if (limitMs === Number.POSITIVE_INFINITY) return 1;
  if (limitMs <= 0) return 0;
  return normalCdf((Math.log(limitMs) - total.logMean) / Math.max(1e-6, total.logDeviation));
}

/** Reads inside the table; the compiler cannot know that. */
export function at(column: Float64Array, index: number): number {
  return column[index] as number;
}
