/** Failures and successes of late: a Beta distribution whose counts fade with time. */
export interface FailureRate {
  readonly failures: number;
  readonly successes: number;
  /** Cumulative sum of evidence for "it has begun to fail". */
  readonly evidence: number;
  readonly atMs: number;
}

export interface FailurePrediction {
  readonly probability: number;
  readonly deviation: number;
}

/** Before anything is known: one in a hundred, worth four calls. */
const PRIOR_RATE = 0.01;
const PRIOR_WEIGHT = 4;
const HALF_LIFE_MS = 20_000;
const LARGEST_WEIGHT = 400;
/** What "it has begun to fail" means: at least this share. */
const BROKEN_RATE = 0.4;
/** Two failures in a row from a healthy arm, or a third of many, raise it. */
const ALARM = 5;
const WEIGHT_AFTER_ALARM = 1;

export const noFailures = (atMs: number): FailureRate => ({ failures: 0, successes: 0, evidence: 0, atMs });

function fade(elapsedMs: number): number {
  return Math.exp((-Math.LN2 * Math.max(0, elapsedMs)) / HALF_LIFE_MS);
}

/** `prior`: the rate of what it is a part of (the pool of an arm). */
export function predictFailure(rate: FailureRate, nowMs: number, prior = PRIOR_RATE): FailurePrediction {
  const kept = fade(nowMs - rate.atMs);
  const failures = rate.failures * kept + PRIOR_WEIGHT * prior;
  const total = (rate.failures + rate.successes) * kept + PRIOR_WEIGHT;
  const probability = failures / total;
  return { probability, deviation: Math.sqrt((probability * (1 - probability)) / (total + 1)) };
}

/**
 * Adds one call. A run of failures makes what was known before count little, so that a dead pool is left after two or
 * three calls however long it was healthy (a cumulative sum of log likelihood ratios, as in `shift-detector.ts`).
 */
export function learnFailure(rate: FailureRate, failed: boolean, atMs: number): FailureRate {
  const known = Math.min(BROKEN_RATE / 2, Math.max(PRIOR_RATE, predictFailure(rate, atMs).probability));
  const step = failed ? Math.log(BROKEN_RATE / known) : Math.log((1 - BROKEN_RATE) / (1 - known));
  const evidence = Math.max(0, rate.evidence + step);
  const alarm = evidence > ALARM;
  const weight = (rate.failures + rate.successes) * fade(atMs - rate.atMs);
  const largest = alarm ? WEIGHT_AFTER_ALARM : LARGEST_WEIGHT;
  const kept = fade(atMs - rate.atMs) * (weight > largest ? largest / weight : 1);
  return {
    failures: rate.failures * kept + (failed ? 1 : 0),
    successes: rate.successes * kept + (failed ? 0 : 1),
    evidence: alarm ? 0 : evidence,
    atMs,
  };
}
