import { column, type DecisionTable } from "./decision-table.ts";
import type { Terms } from "./terms.ts";
import { probabilityWithin, totalTime, type TotalTime } from "./total-time.ts";

/** Deviations by which a hopeful outlook is better than the expected one. */
const HOPE = 1.5;

/**
 * Expected utility of every arm: P(in time) * (value of an answer in time + quality) - cost - energy - latency, each by
 * its weight; and the same for the case that what is not known well turns out favourably. A pure function of the
 * recorded numbers: the same numbers give the same bits.
 */
export function scoreArms(terms: Terms, table: DecisionTable): void {
  for (let arm = 0; arm < table.arms; arm++) {
    if (!table.isAllowed(arm)) continue;
    const quality = table.get(arm, column.quality);
    const failure = table.get(arm, column.failureProbability);
    const total = expectedTime(table, arm);
    const onTime = probabilityWithin(terms.remainingMs, total) * (1 - failure);
    table.set(arm, column.onTime, onTime);
    table.set(arm, column.score, utility(terms, table, { arm, onTime, quality, total, speed: 1 }));
    table.set(arm, column.worth, gain(terms, onTime, quality) - table.get(arm, column.slotPrice) * total.serviceMs);

    const shift = HOPE * Math.sqrt(table.get(arm, column.serviceLogIgnorance));
    const hoped = totalTime({
      waitMs: table.get(arm, column.waitMs),
      waitVariance: table.get(arm, column.waitVariance),
      coldMs: table.get(arm, column.hopefulColdMs),
      logMean: table.get(arm, column.serviceLogMean) - shift,
      logVariance: table.get(arm, column.serviceLogVariance) - table.get(arm, column.serviceLogIgnorance),
    });
    const hopedFailure = Math.max(0, failure - HOPE * table.get(arm, column.failureDeviation));
    const hopedInTime = probabilityWithin(terms.remainingMs, hoped);
    const hopedOnTime = hopedInTime * (1 - hopedFailure);
    const hopedQuality = Math.min(1, quality + HOPE * table.get(arm, column.qualityDeviation));
    // Admission looks at time alone: refusing work because places fail would never find out that they work again.
    table.set(arm, column.hopefulInTime, hopedInTime);
    table.set(
      arm,
      column.hopeful,
      utility(terms, table, { arm, onTime: hopedOnTime, quality: hopedQuality, total: hoped, speed: Math.exp(-shift) }),
    );
  }
}

/** Distribution of the whole time on an arm, as far as it is known. */
export function expectedTime(table: DecisionTable, arm: number): TotalTime {
  return totalTime({
    waitMs: table.get(arm, column.waitMs),
    waitVariance: table.get(arm, column.waitVariance),
    coldMs: table.get(arm, column.coldMs),
    logMean: table.get(arm, column.serviceLogMean),
    logVariance: table.get(arm, column.serviceLogVariance),
  });
}

interface Outlook {
  readonly arm: number;
  readonly onTime: number;
  readonly quality: number;
  readonly total: TotalTime;
  /** Service time over the expected one: what is paid by time shrinks with it. */
  readonly speed: number;
}

function utility(terms: Terms, table: DecisionTable, outlook: Outlook): number {
  const { weights, scales } = terms;
  const { arm, onTime, quality, total, speed } = outlook;
  const usd = table.get(arm, column.usd) * (table.get(arm, column.hourly) === 1 ? speed : 1);
  const joules = table.get(arm, column.joules) * table.get(arm, column.carbonFactor) * speed;
  return (
    gain(terms, onTime, quality) -
    (weights.cost * usd) / scales.usd -
    (weights.energy * joules) / scales.joules -
    weights.latency * Math.min(1, total.meanMs / scales.latencyMs) -
    table.get(arm, column.slotPrice) * total.serviceMs
  );
}

/** What an answer of this quality is expected to be worth. */
function gain({ weights, deadlineValue }: Terms, onTime: number, quality: number): number {
  return onTime * (deadlineValue + weights.quality * quality);
}
