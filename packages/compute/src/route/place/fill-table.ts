import { predictFailure } from "../learn/failure-rate.ts";
import { UNSEEN_COLD_MS, unseenArm, unseenPool } from "../learn/fold.ts";
import { declaredQuality, predictQuality } from "../learn/quality.ts";
import { firstCell, predictService } from "../learn/service-time.ts";
import { qualityKey, type Snapshot } from "../learn/snapshot.ts";
import { predictWait } from "../learn/wait.ts";
import { column, DecisionTable } from "../score/decision-table.ts";
import type { Arm } from "../types/arm.ts";
import type { RouteRequest } from "../types/route-request.ts";
import type { LivePool } from "./live-pool.ts";
import { ruleOut } from "./rule-out.ts";

/** About the world's mean: an arm without a declared intensity counts its joules as they are. */
const USUAL_GRAMS_PER_KWH = 400;

/** Turns what is known of every arm into the numbers its score is made of, and rules out what may not be used. */
export function fillTable(
  request: RouteRequest,
  arms: readonly Arm[],
  known: {
    readonly snapshot: Snapshot;
    readonly pools: ReadonlyMap<string, LivePool>;
    readonly decision: number;
    readonly nowMs: number;
  },
): DecisionTable {
  const { snapshot, pools, decision, nowMs } = known;
  const table = new DecisionTable(arms.length);
  let index = 0;
  for (const arm of arms) {
    const seen = snapshot.arms.get(arm.id) ?? unseenArm(nowMs);
    const pool = snapshot.pools.get(arm.pool) ?? unseenPool(nowMs);
    const live = pools.get(arm.pool);
    const cell = seen.cells.get(request.bucket) ?? firstCell(arm.priorMs, seen.usual, nowMs);
    const service = predictService(cell, pool.drift, request.items, nowMs);
    const serviceMs = Math.exp(service.mean + (service.ignorance + service.noise) / 2);
    const quality = predictQuality(snapshot.qualities.get(qualityKey(arm)) ?? declaredQuality(arm.quality));
    const { price } = arm;
    const hourly = "usdPerHour" in price;
    const usd = seen.usd.value * (hourly ? (price.usdPerHour * serviceMs) / 3_600_000 : price.usdPerCall);
    table.set(index, column.quality, quality.mean);
    table.set(index, column.usd, usd);
    const refusal = ruleOut(request, arm, { quality: quality.mean, usd, report: live?.queue.report, nowMs });
    table.refusals.push(refusal);
    if (refusal === undefined) {
      const wait = predictWait(pool.wait, live?.queue.view(nowMs));
      const failure = predictFailure(seen.failure, nowMs, predictFailure(pool.failure, nowMs).probability);
      const coldMs = arm.cold === true ? (seen.coldMs ?? UNSEEN_COLD_MS) : 0;
      table.set(index, column.waitMs, wait.meanMs);
      table.set(index, column.waitVariance, wait.variance);
      table.set(index, column.serviceLogMean, service.mean);
      table.set(index, column.serviceLogVariance, service.ignorance + service.noise);
      table.set(index, column.serviceLogIgnorance, service.ignorance);
      table.set(index, column.coldMs, coldMs);
      table.set(index, column.hopefulColdMs, seen.coldMs === undefined ? 0 : coldMs);
      table.set(index, column.failureProbability, failure.probability);
      table.set(index, column.failureDeviation, failure.deviation);
      table.set(index, column.hourly, hourly ? 1 : 0);
      table.set(index, column.joules, ((arm.watts ?? 0) * serviceMs * seen.joules.value) / 1000);
      table.set(index, column.carbonFactor, (arm.gramsPerKwh ?? USUAL_GRAMS_PER_KWH) / USUAL_GRAMS_PER_KWH);
      table.set(index, column.qualityDeviation, quality.deviation);
      table.set(index, column.slotPrice, live?.demand.slotPrice(wait.meanMs) ?? 0);
      if (request.preview !== true) live?.demand.consider(decision, serviceMs, request.remainingMs);
    }
    index += 1;
  }
  return table;
}
