import type { FullObjective } from "../scenarios/scenario.ts";
import type { World } from "../world/world.ts";

/** What an answer in time is worth beside all the rest together. */
const DEADLINE_VALUE = 4;
const USUAL_GRAMS_PER_KWH = 400;

/** What one attempt gave and took. */
export interface Spent {
  readonly onTime: boolean;
  readonly accuracy: number;
  readonly usd: number;
  readonly joules: number;
  readonly gramsPerKwh: number;
  readonly latencyMs: number;
  readonly deadlineMs: number;
}

/** The objective in true numbers: what policies, the oracle included, are measured by. Written apart from the router's own. */
export function utilityOf(spent: Spent, objective: FullObjective, scales: World["scales"]): number {
  const sum = objective.latency + objective.cost + objective.energy + objective.quality;
  const gain = spent.onTime ? DEADLINE_VALUE + (objective.quality / sum) * spent.accuracy : 0;
  const carbon = spent.gramsPerKwh / USUAL_GRAMS_PER_KWH;
  return (
    gain -
    ((objective.cost / sum) * spent.usd) / scales.usd -
    ((objective.energy / sum) * spent.joules * carbon) / scales.joules -
    (objective.latency / sum) * Math.min(1, spent.latencyMs / spent.deadlineMs)
  );
}
