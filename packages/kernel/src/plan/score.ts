import type { Descriptor } from "../contract/modality.ts";
import type { Policy } from "../contract/policy.ts";
import type { AnyTransform, Cost } from "../contract/transform.ts";
import type { PlannerOptions, Prediction } from "./plan.ts";
import type { Edge } from "./transform-index.ts";

type Objective = NonNullable<Policy["objective"]>;

/** Weights when the policy states none: what is lost weighs more than what is paid. */
const defaultObjective: Objective = { latency: 1, cost: 1, quality: 10 };

/** Stands in for a cost that cannot be predicted: not free, not forbidding. */
const ASSUMED_COST: Cost = { ms: 1000 };

/** Items of a stream whose length nobody knows yet. */
const ASSUMED_ITEMS = 8;

/** What a step is expected to take. A lifted step pays once per item. */
export function predict(edge: Edge, descriptor: Descriptor, options: PlannerOptions): Prediction {
  const { transform, lifted } = edge;
  const known = usable(options.measuredCosts?.(transform, descriptor)) ?? prior(transform, descriptor);
  const { ms, usd = 0, joules = 0 } = known ?? ASSUMED_COST;
  const items = lifted ? itemsOf(descriptor) : 1;
  return {
    ms: ms * items,
    usd: usd * items,
    joules: joules * items,
    loss: transform.loss,
    quality: transform.ladder[0]?.quality ?? 1,
    assumed: known === undefined,
  };
}

/**
 * What is minimised: one second, one cent, a hundred joules and one unit of loss (or of quality) weigh the same,
 * each times its weight in the policy's objective.
 */
export function scoreOf(predicted: Prediction, objective: Objective = defaultObjective): number {
  const { latency = 0, cost = 0, energy = 0, quality = 0 } = objective;
  return (
    (latency * predicted.ms) / 1000 +
    (cost * predicted.usd) / 0.01 +
    (energy * predicted.joules) / 100 +
    quality * lossOf(predicted)
  );
}

/** Sum of the weights of everything lost, and what the best rung falls short of perfect. */
export function lossOf(predicted: Prediction): number {
  return Object.values(predicted.loss).reduce((sum, weight) => sum + weight, 1 - predicted.quality);
}

/** The transform's own prediction; undefined when it needs facts the descriptor does not have. */
function prior(transform: AnyTransform, descriptor: Descriptor): Cost | undefined {
  try {
    return usable(transform.cost(descriptor));
  } catch {
    return undefined; // a prior that fails is no prior; the transform itself may still run
  }
}

function usable(cost: Cost | undefined): Cost | undefined {
  const parts = cost === undefined ? [Number.NaN] : [cost.ms, cost.usd ?? 0, cost.joules ?? 0];
  return parts.every((part) => Number.isFinite(part) && part >= 0) ? cost : undefined;
}

function itemsOf(descriptor: Descriptor): number {
  const items = descriptor["items"];
  return typeof items === "number" && items > 0 ? items : ASSUMED_ITEMS;
}
