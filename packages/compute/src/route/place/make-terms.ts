import { column, type DecisionTable } from "../score/decision-table.ts";
import type { Terms, Weights } from "../score/terms.ts";
import type { Criticality, Objective, RouteRequest } from "../types/route-request.ts";

/** An answer in time is worth this many times everything else together. */
const DEADLINE_VALUE: Readonly<Record<Criticality, number>> = { critical: 8, normal: 4, sheddable: 2 };
/** Work that is this unlikely to be in time is refused at once, so that it does not make other work late. */
const ADMISSION: Readonly<Record<Criticality, number>> = { critical: 0.05, normal: 0.2, sheddable: 0.5 };
const DEFAULT_OBJECTIVE: Objective = { latency: 1, cost: 1, quality: 2 };
/** Scores differ by less than this for reasons that do not matter. */
const TEMPERATURE = 0.003;

export function makeTerms(request: RouteRequest, table: DecisionTable, exploration: number): Terms {
  const criticality = request.criticality ?? "normal";
  const { scales } = request;
  const curious = request.preview !== true && request.noExploration !== true;
  return {
    remainingMs: request.remainingMs,
    weights: normalise(request.objective),
    scales: {
      usd:
        scales?.usd ??
        largest(table, (arm) => table.get(arm, column.usd) * (isHourly(table, arm) ? soberly(table, arm) : 1)),
      joules:
        scales?.joules ??
        largest(
          table,
          (arm) => table.get(arm, column.joules) * table.get(arm, column.carbonFactor) * soberly(table, arm),
        ),
      latencyMs:
        scales?.latencyMs ??
        (Number.isFinite(request.remainingMs)
          ? Math.max(1, request.remainingMs)
          : largest(table, (arm) => latencyOf(table, arm))),
    },
    deadlineValue: DEADLINE_VALUE[criticality],
    admission: ADMISSION[criticality],
    // Critical work goes first, and what has no deadline can wait its turn, however long that is.
    yields: criticality !== "critical" && Number.isFinite(request.remainingMs),
    exploration: curious ? exploration : 0,
    temperature: TEMPERATURE * DEADLINE_VALUE[criticality],
  };
}

function normalise(objective: Objective = {}): Weights {
  const { latency = 0, cost = 0, energy = 0, quality = 0 } = objective;
  const sum = latency + cost + energy + quality;
  if (!(sum > 0)) return normalise(DEFAULT_OBJECTIVE);
  return { latency: latency / sum, cost: cost / sum, energy: energy / sum, quality: quality / sum };
}

/** Largest value over the arms that may be used; 1 when there is nothing to divide. */
function largest(table: DecisionTable, value: (arm: number) => number): number {
  let found = 0;
  for (let arm = 0; arm < table.arms; arm++) if (table.isAllowed(arm)) found = Math.max(found, value(arm));
  return found > 0 ? found : 1;
}

function isHourly(table: DecisionTable, arm: number): boolean {
  return table.get(arm, column.hourly) === 1;
}

/** From mean to median: what nobody knows may take very long, which is no measure for the others. */
function soberly(table: DecisionTable, arm: number): number {
  return Math.exp(-table.get(arm, column.serviceLogVariance) / 2);
}

function latencyOf(table: DecisionTable, arm: number): number {
  return (
    table.get(arm, column.waitMs) + table.get(arm, column.coldMs) + Math.exp(table.get(arm, column.serviceLogMean))
  );
}
