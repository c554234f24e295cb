import type { Arm } from "../types/arm.ts";
import type { Outcome, QualityObservation } from "../types/observation.ts";
import type { QueueView } from "../place/pool-queue.ts";
import { learnFailure, noFailures } from "./failure-rate.ts";
import { declaredQuality, learnQuality, type QualityKnown } from "./quality.ts";
import { declaredRatio, learnRatio } from "./ratio.ts";
import { firstCell, learnService, noDrift, type ServiceCell } from "./service-time.ts";
import { qualityKey, type ArmKnown, type PoolKnown, type Snapshot } from "./snapshot.ts";
import { learnWait, noWaits } from "./wait.ts";

/** A dispatched decision, as learning needs it. */
export interface Dispatch {
  readonly arm: Arm;
  readonly bucket: string;
  readonly items: number;
  /** The queue as it looked when it was decided. */
  readonly queue: QueueView | undefined;
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
  for (const one of batch) {
    if (one.kind === "quality") {
      const key = qualityKey(one.observation);
      qualities.set(key, foldQuality(qualities.get(key), one.observation, one.declared));
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
  return { version: snapshot.version + 1, arms, pools, qualities };
}

function foldQuality(
  known: QualityKnown | undefined,
  { score, weight = 1 }: QualityObservation,
  declared: number | undefined,
): QualityKnown {
  return learnQuality(known ?? declaredQuality(declared ?? UNDECLARED_QUALITY), score, weight);
}

type OutcomeObservation = Extract<Observation, { kind: "outcome" }>;

function foldOutcome(
  arm: ArmKnown,
  pool: PoolKnown,
  { dispatch, outcome, atMs }: OutcomeObservation,
): { readonly arm: ArmKnown; readonly pool: PoolKnown } {
  const { result, queueMs, serviceMs } = outcome;
  if (result === "cancelled") return { arm, pool };
  const wait = learnWait(pool.wait, { waitedMs: queueMs, atLeast: result === "expired", queue: dispatch.queue });
  if (result === "expired") return { arm, pool: { ...pool, wait } };
  const failed = result === "failed";
  const failure = { arm: learnFailure(arm.failure, failed, atMs), pool: learnFailure(pool.failure, failed, atMs) };
  if (failed) return { arm: { ...arm, failure: failure.arm }, pool: { ...pool, failure: failure.pool, wait } };

  const cell = arm.cells.get(dispatch.bucket) ?? firstCell(dispatch.arm.priorMs, atMs);
  const learned = learnService(cell, pool.drift, {
    items: dispatch.items,
    serviceMs,
    censored: result === "timeout",
    atMs,
  });
  const { price, watts = 0 } = dispatch.arm;
  const declaredUsd = "usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * serviceMs) / 3_600_000;
  const coldMs = outcome.coldMs ?? 0;
  return {
    arm: {
      failure: failure.arm,
      usd: outcome.usd === undefined ? arm.usd : learnRatio(arm.usd, outcome.usd, declaredUsd),
      joules:
        outcome.joules === undefined ? arm.joules : learnRatio(arm.joules, outcome.joules, (watts * serviceMs) / 1000),
      coldMs: coldMs > 0 ? learnCold(arm.coldMs, coldMs) : arm.coldMs,
      cells: withCell(arm.cells, dispatch.bucket, learned.cell),
    },
    pool: { drift: learned.pool, failure: failure.pool, wait },
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
