import type { Arm } from "../types/arm.ts";
import type { Outcome, QualityObservation } from "../types/observation.ts";
import type { QueueView } from "../place/pool-queue.ts";
import { learnFailure, noFailures } from "./failure-rate.ts";
import {
  declaredQuality,
  type FeedbackLevel,
  learnLevel,
  learnQuality,
  levelOf,
  noLevel,
  type QualityKnown,
} from "./quality.ts";
import { declaredRatio, learnRatio } from "./ratio.ts";
import { firstCell, learnService, learnUsual, noDrift, type ServiceCell } from "./service-time.ts";
import { qualityKey, type ArmKnown, type PoolKnown, type Snapshot } from "./snapshot.ts";
import { learnWait, noWaits } from "./wait.ts";

/** A dispatched decision, as learning needs it. */
export interface Dispatch {
  readonly arm: Arm;
  readonly bucket: string;
  readonly items: number;
  /** The queue as it looked when it was decided, and the wait expected of it. */
  readonly queue: QueueView | undefined;
  readonly waitMs: number;
  readonly coldMs: number;
  readonly atMs: number;
}

/** One thing that was observed. */
export type Observation =
  | { readonly kind: "outcome"; readonly dispatch: Dispatch; readonly outcome: Outcome; readonly atMs: number }
  | { readonly kind: "quality"; readonly observation: QualityObservation; readonly declared: number | undefined };

/** Loading a model takes about this long before it was seen to. */
export const UNSEEN_COLD_MS = 2000;
const COLD_GAIN = 0.3;
/** A quality nobody declared and nobody has seen yet. */
const UNDECLARED_QUALITY = 0.5;

export const unseenArm = (atMs: number): ArmKnown => ({
  failure: noFailures(atMs),
  usd: declaredRatio,
  joules: declaredRatio,
  coldMs: undefined,
  usual: undefined,
  cells: new Map(),
});

export const unseenPool = (atMs: number): PoolKnown => ({
  drift: noDrift(atMs),
  failure: noFailures(atMs),
  wait: noWaits,
});

/** The next snapshot: what was known, and a batch of observations in their order. */
export function foldObservations(snapshot: Snapshot, batch: readonly Observation[]): Snapshot {
  const arms = new Map(snapshot.arms);
  const pools = new Map(snapshot.pools);
  const qualities = new Map(snapshot.qualities);
  const levels = new Map(snapshot.levels);
  for (const one of batch) {
    if (one.kind === "quality") {
      foldQuality(qualities, levels, one);
      continue;
    }
    const { arm } = one.dispatch;
    const known = foldOutcome(
      arms.get(arm.id) ?? unseenArm(one.atMs),
      pools.get(arm.pool) ?? unseenPool(one.atMs),
      one,
    );
    arms.set(arm.id, known.arm);
    pools.set(arm.pool, known.pool);
  }
  return { version: snapshot.version + 1, arms, pools, qualities, levels };
}

function foldQuality(
  qualities: Map<string, QualityKnown>,
  levels: Map<string, FeedbackLevel>,
  { observation, declared }: Extract<Observation, { kind: "quality" }>,
): void {
  const { model, score, weight = 1, source } = observation;
  const key = qualityKey(observation);
  const known = qualities.get(key) ?? declaredQuality(declared ?? UNDECLARED_QUALITY);
  if (source === "shadow") {
    qualities.set(key, learnQuality(known, score, weight));
    return;
  }
  const level = learnLevel(levels.get(model) ?? noLevel, score, declared ?? known.mean, weight);
  levels.set(model, level);
  qualities.set(key, learnQuality(known, score / levelOf(level), weight));
}

type OutcomeObservation = Extract<Observation, { kind: "outcome" }>;

interface Learned {
  readonly arm: ArmKnown;
  readonly pool: PoolKnown;
}

function foldOutcome(arm: ArmKnown, pool: PoolKnown, one: OutcomeObservation): Learned {
  const { outcome, dispatch, atMs } = one;
  const { result, queueMs, serviceMs } = outcome;
  const wait = () => learnWait(pool.wait, { waitedMs: queueMs, atLeast: result === "expired", queue: dispatch.queue });
  switch (result) {
    case "ok":
    case "timeout":
      return foldService(learnedFailure(arm, { ...pool, wait: wait() }, false, atMs), one, serviceMs);
    case "failed":
      return learnedFailure(arm, pool, true, atMs);
    case "expired":
      return { arm, pool: { ...pool, wait: wait() } };
    case "cancelled":
      // The loser of a hedge was slow: without it a pool would look as fast as its luckiest calls.
      return foldService(
        { arm, pool },
        one,
        Math.max(serviceMs, atMs - dispatch.atMs - dispatch.waitMs - dispatch.coldMs),
      );
  }
}

function learnedFailure(arm: ArmKnown, pool: PoolKnown, failed: boolean, atMs: number): Learned {
  return {
    arm: { ...arm, failure: learnFailure(arm.failure, failed, atMs) },
    pool: { ...pool, failure: learnFailure(pool.failure, failed, atMs) },
  };
}

function foldService(
  { arm, pool }: Learned,
  { dispatch, outcome, atMs }: OutcomeObservation,
  serviceMs: number,
): Learned {
  const cell = arm.cells.get(dispatch.bucket) ?? firstCell(dispatch.arm.priorMs, arm.usual, atMs);
  const censored = outcome.result !== "ok";
  const learned = learnService(cell, pool.drift, { items: dispatch.items, serviceMs, censored, atMs });
  const { price, watts = 0 } = dispatch.arm;
  const usd = "usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * serviceMs) / 3_600_000;
  const joules = (watts * serviceMs) / 1000;
  const coldMs = outcome.coldMs ?? 0;
  return {
    arm: {
      failure: arm.failure,
      usd: censored || outcome.usd === undefined ? arm.usd : learnRatio(arm.usd, outcome.usd, usd),
      joules: censored || outcome.joules === undefined ? arm.joules : learnRatio(arm.joules, outcome.joules, joules),
      coldMs: coldMs > 0 ? learnCold(arm.coldMs, coldMs) : arm.coldMs,
      usual: learnUsual(arm.usual, learned.cell),
      cells: withCell(arm.cells, dispatch.bucket, learned.cell),
    },
    pool: { ...pool, drift: learned.pool },
  };
}

/** Callers are asked for few buckets; more than this many are forgotten, the one longest out of use first. */
const LARGEST_CELLS = 256;

function withCell(
  cells: ReadonlyMap<string, ServiceCell>,
  bucket: string,
  cell: ServiceCell,
): ReadonlyMap<string, ServiceCell> {
  const next = new Map(cells).set(bucket, cell);
  if (next.size <= LARGEST_CELLS) return next;
  const [oldest] = [...next].toSorted(([, a], [, b]) => a.atMs - b.atMs);
  if (oldest !== undefined) next.delete(oldest[0]);
  return next;
}

function learnCold(known: number | undefined, seenMs: number): number {
  return known === undefined ? seenMs : known + COLD_GAIN * (seenMs - known);
}
