import { predictFailure } from "../learn/failure-rate.ts";
import { unseenArm, unseenPool } from "../learn/fold.ts";
import { declaredQuality, predictQuality } from "../learn/quality.ts";
import { firstCell, predictService } from "../learn/service-time.ts";
import { qualityKey, type Snapshot } from "../learn/snapshot.ts";
import { predictWait } from "../learn/wait.ts";
import { createFeatureTable, type FeatureTable } from "../score/feature-table.ts";
import type { Arm } from "../types/arm.ts";
import type { RefusalReason } from "../types/decision.ts";
import type { RouteRequest } from "../types/route-request.ts";
import type { PoolQueue } from "./pool-queue.ts";
import { ruleOut } from "./rule-out.ts";

/** About the world's mean: an arm without a declared intensity counts its joules as they are. */
const USUAL_GRAMS_PER_KWH = 400;

export interface FilledTable {
  readonly table: FeatureTable;
  readonly refusals: readonly (RefusalReason | undefined)[];
}

/** Turns what is known of every arm into the numbers its score is made of, and rules out what may not be used. */
export function fillTable(
  request: RouteRequest,
  arms: readonly Arm[],
  known: { readonly snapshot: Snapshot; readonly queues: ReadonlyMap<string, PoolQueue>; readonly nowMs: number },
): FilledTable {
  const { snapshot, queues, nowMs } = known;
  const table = createFeatureTable(arms.length);
  const refusals: (RefusalReason | undefined)[] = [];
  for (const [index, arm] of arms.entries()) {
    const seen = snapshot.arms.get(arm.id) ?? unseenArm(nowMs);
    const pool = snapshot.pools.get(arm.pool) ?? unseenPool(nowMs);
    const queue = queues.get(arm.pool);
    const cell = seen.cells.get(request.bucket) ?? firstCell(arm.priorMs, nowMs);
    const service = predictService(cell, pool.drift, request.items, nowMs);
    const serviceMs = Math.exp(service.mean + (service.ignorance + service.noise) / 2);
    const quality = predictQuality(snapshot.qualities.get(qualityKey(arm)) ?? declaredQuality(arm.quality));
    const hourly = "usdPerHour" in arm.price;
    const declaredUsd =
      "usdPerHour" in arm.price ? (arm.price.usdPerHour * serviceMs) / 3_600_000 : arm.price.usdPerCall;
    const usd = declaredUsd * seen.usd.value;
    const refusal = ruleOut(request, arm, { quality: quality.mean, usd, report: queue?.report, nowMs });
    refusals.push(refusal);
    table.quality[index] = quality.mean;
    table.usd[index] = usd;
    if (refusal !== undefined) {
      table.refused[index] = 1;
      continue;
    }
    const wait = predictWait(pool.wait, queue?.view(nowMs));
    const failure = predictFailure(seen.failure, nowMs, predictFailure(pool.failure, nowMs).probability);
    table.waitMs[index] = wait.meanMs;
    table.waitVariance[index] = wait.variance;
    table.serviceLogMean[index] = service.mean;
    table.serviceLogVariance[index] = service.ignorance + service.noise;
    table.serviceLogIgnorance[index] = service.ignorance;
    table.coldMs[index] = arm.cold === true ? seen.coldMs : 0;
    table.failureProbability[index] = failure.probability;
    table.failureDeviation[index] = failure.deviation;
    table.hourly[index] = hourly ? 1 : 0;
    table.joules[index] = ((arm.watts ?? 0) * serviceMs * seen.joules.value) / 1000;
    table.carbonFactor[index] = (arm.gramsPerKwh ?? USUAL_GRAMS_PER_KWH) / USUAL_GRAMS_PER_KWH;
    table.qualityDeviation[index] = quality.deviation;
  }
  return { table, refusals };
}
