import { meanAbove } from "../score/normal.ts";
import { addSurprise, noShift, type ShiftSums } from "./shift-detector.ts";

/**
 * What is known of one arm's service time in one bucket:
 * ln(ms) = level + slope * ln(items) + drift of its pool + noise.
 * Level and slope are a Gaussian random walk, followed by a Kalman filter: what is old counts less.
 */
export interface ServiceCell {
  readonly level: number;
  readonly slope: number;
  readonly levelVariance: number;
  readonly covariance: number;
  readonly slopeVariance: number;
  /** Variance of single calls around the line. */
  readonly noise: number;
  /** How many calls that rests on, bounded. */
  readonly noiseWeight: number;
  readonly shift: ShiftSums;
  readonly atMs: number;
}

/** What slows or speeds up everything on a pool alike: heat, a neighbour, another driver. */
export interface PoolDrift {
  readonly drift: number;
  readonly variance: number;
  readonly shift: ShiftSums;
  readonly atMs: number;
}

/** Expected ln(ms) of one call, and how far off it may be. */
export interface ServicePrediction {
  readonly mean: number;
  /** Ignorance of the mean. */
  readonly ignorance: number;
  /** Spread of single calls. */
  readonly noise: number;
}

/** Logarithms need something to stand on: ms, items. */
const SMALLEST = 1e-3;
/** Deviations before the expected end. */
const EARLY = -1;
/** Per second: a well-known arm that nobody uses is worth another look after minutes, a pool after seconds. */
const LEVEL_WALK = 2.5e-5;
const DRIFT_WALK = 4e-4;
const LARGEST_LEVEL_VARIANCE = 0.5;
const LARGEST_DRIFT_VARIANCE = 0.15;
/** After an alarm the next call counts for more than everything before it: (ln 2)^2. */
const SHIFT_VARIANCE = 0.48;
const FIRST_NOISE = 0.09;
const FIRST_NOISE_WEIGHT = 4;
const LARGEST_NOISE_WEIGHT = 60;
/** A declared prior may be wrong by a factor of two. */
const DECLARED_VARIANCE = 0.48;
const UNDECLARED_VARIANCE = 2;
const UNDECLARED_MS = 100;
/** Buckets of one arm differ by less than arms do. */
const USUAL_VARIANCE = 1;
const USUAL_GAIN = 0.1;
/** Work shares runs, so twice the items take a little less than twice the time. */
const FIRST_SLOPE = 0.9;
const FIRST_SLOPE_VARIANCE = 0.04;

export const noDrift = (atMs: number): PoolDrift => ({ drift: 0, variance: 0.01, shift: noShift, atMs });

/** What an arm takes in the buckets it has seen: the best guess for one it has not. */
export interface UsualService {
  readonly level: number;
  readonly slope: number;
}

export function learnUsual(usual: UsualService | undefined, { level, slope }: ServiceCell): UsualService {
  if (usual === undefined) return { level, slope };
  return {
    level: usual.level + USUAL_GAIN * (level - usual.level),
    slope: usual.slope + USUAL_GAIN * (slope - usual.slope),
  };
}

/** A cell before its first observation: what was declared, else what is usual for the arm, else anything. */
export function firstCell(priorMs: number | undefined, usual: UsualService | undefined, atMs: number): ServiceCell {
  const isGuess = priorMs === undefined;
  return {
    level: isGuess ? (usual?.level ?? Math.log(UNDECLARED_MS)) : Math.log(Math.max(SMALLEST, priorMs)),
    slope: usual?.slope ?? FIRST_SLOPE,
    levelVariance: isGuess ? (usual === undefined ? UNDECLARED_VARIANCE : USUAL_VARIANCE) : DECLARED_VARIANCE,
    covariance: 0,
    slopeVariance: FIRST_SLOPE_VARIANCE,
    noise: FIRST_NOISE,
    noiseWeight: FIRST_NOISE_WEIGHT,
    shift: noShift,
    atMs,
  };
}

/** Variances grow with time: the world moves on. */
function grow(variance: number, rate: number, elapsedMs: number, largest: number): number {
  return Math.max(variance, Math.min(largest, variance + (rate * Math.max(0, elapsedMs)) / 1000));
}

export function predictService(cell: ServiceCell, pool: PoolDrift, items: number, nowMs: number): ServicePrediction {
  const x = Math.log(Math.max(SMALLEST, items));
  const level = grow(cell.levelVariance, LEVEL_WALK, nowMs - cell.atMs, LARGEST_LEVEL_VARIANCE);
  const drift = grow(pool.variance, DRIFT_WALK, nowMs - pool.atMs, LARGEST_DRIFT_VARIANCE);
  return {
    mean: cell.level + cell.slope * x + pool.drift,
    ignorance: level + 2 * x * cell.covariance + x * x * cell.slopeVariance + drift,
    noise: cell.noise,
  };
}

/**
 * Learns from one call. `censored`: the call was given up after `serviceMs`, so that it would have taken longer; it
 * counts as its expected length given that (the E step of Dempster, Laird and Rubin 1977).
 */
export function learnService(
  cell: ServiceCell,
  pool: PoolDrift,
  call: { readonly items: number; readonly serviceMs: number; readonly censored: boolean; readonly atMs: number },
): { readonly cell: ServiceCell; readonly pool: PoolDrift } {
  const x = Math.log(Math.max(SMALLEST, call.items));
  let levelVariance = grow(cell.levelVariance, LEVEL_WALK, call.atMs - cell.atMs, LARGEST_LEVEL_VARIANCE);
  let driftVariance = grow(pool.variance, DRIFT_WALK, call.atMs - pool.atMs, LARGEST_DRIFT_VARIANCE);
  const spread = () =>
    levelVariance + 2 * x * cell.covariance + x * x * cell.slopeVariance + driftVariance + cell.noise;
  const expected = cell.level + cell.slope * x + pool.drift;
  const deviation = Math.sqrt(spread());
  const seen = Math.log(Math.max(SMALLEST, call.serviceMs));
  // Given up on so early that it says nothing.
  if (call.censored && (seen - expected) / deviation < EARLY) return { cell, pool };
  const surprise = call.censored ? meanAbove((seen - expected) / deviation) : (seen - expected) / deviation;

  const poolShift = addSurprise(pool.shift, surprise);
  const cellShift = addSurprise(cell.shift, surprise);
  if (poolShift.alarm) driftVariance += SHIFT_VARIANCE;
  else if (cellShift.alarm) levelVariance += SHIFT_VARIANCE;
  const alarm = poolShift.alarm || cellShift.alarm;

  // One odd call moves what is known a little; after an alarm it is not odd any more.
  const bounded = alarm ? surprise : Math.min(3, Math.max(-3, surprise));
  const residual = bounded * deviation;
  const total = spread();
  const levelGain = (levelVariance + x * cell.covariance) / total;
  const slopeGain = (cell.covariance + x * cell.slopeVariance) / total;
  const driftGain = driftVariance / total;
  const left = residual * (1 - levelGain - x * slopeGain - driftGain);
  const noiseWeight = Math.min(LARGEST_NOISE_WEIGHT, cell.noiseWeight + 1);
  const noiseSeen = (left * left * total) / Math.max(cell.noise, 1e-6);
  return {
    cell: {
      level: cell.level + levelGain * residual,
      slope: cell.slope + slopeGain * residual,
      levelVariance: Math.max(1e-6, levelVariance - levelGain * levelGain * total),
      covariance: cell.covariance - levelGain * slopeGain * total,
      slopeVariance: Math.max(1e-6, cell.slopeVariance - slopeGain * slopeGain * total),
      noise: alarm ? cell.noise : Math.min(1, Math.max(1e-4, cell.noise + (noiseSeen - cell.noise) / noiseWeight)),
      noiseWeight,
      shift: poolShift.alarm ? noShift : cellShift.sums,
      atMs: call.atMs,
    },
    pool: {
      drift: pool.drift + driftGain * residual,
      variance: Math.max(1e-6, driftVariance - driftGain * driftGain * total),
      shift: poolShift.sums,
      atMs: call.atMs,
    },
  };
}
