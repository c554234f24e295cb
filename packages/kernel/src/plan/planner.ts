import { fail } from "../errors/catalog.ts";
import type { Registry } from "../registry/registry.ts";
import type { Verdict } from "./judge.ts";
import { findMissingHop } from "./missing-hop.ts";
import type { Plan, PlannerOptions, PlanRequest, PlanStep, PlanTotals } from "./plan.ts";
import { planGraph } from "./plan-graph.ts";
import { byTime, openTask, weigher, type PlanningTask } from "./planning-task.ts";
import { lossOf } from "./score.ts";
import { edgesOf, findWays, type Way } from "./search.ts";
import { indexTransforms, type Edge } from "./transform-index.ts";

/** Finds ways from what there is to what is wanted. */
export interface Planner {
  /**
   * The best plan under the policy: cheapest by the objective, then fewest steps, then by transform ids.
   * What is there already gives a plan without steps.
   * Throws SG_PLAN_NO_PATH naming the missing hop, SG_REGISTRY_UNKNOWN for a modality nobody defines.
   */
  plan(request: PlanRequest): Plan;
  /** What the best plan from one modality to another scores when no policy forbids anything; undefined: there is none. */
  distance(from: string, to: string): number | undefined;
}

/**
 * Makes a planner over a registry. Pure: the same registry and request give the same plan.
 * @example
 * const planner = createPlanner(createRegistry([ocr()]));
 * const { graph } = planner.plan({ from: { modality: "document" }, to: "text" });
 */
export function createPlanner(registry: Registry, options: PlannerOptions = {}): Planner {
  const index = indexTransforms(registry);
  const ways = new Map<string, ReadonlyMap<string, Way>>();
  return {
    plan(request) {
      const task = openTask(registry, index, request, options);
      const plan = findPlan(task);
      if (plan !== undefined) return plan;
      const { message, hint, blocked, ...missing } = findMissingHop(task);
      throw fail("SG_PLAN_NO_PATH", message, {
        hint,
        details: { ...missing, blocked: blocked.map((block) => ({ ...block })) },
      });
    },
    distance(from, to) {
      let ports = ways.get(from);
      if (ports === undefined) {
        const task = openTask(registry, index, { from: { modality: from }, to: from }, options);
        ports = findWays({ index, source: task.source, weigh: weigher(task) });
        // Ids come from requests, too: only those of the registry are kept.
        if (registry.modalities.some(({ id }) => id === from)) ways.set(from, ports);
      }
      return (ports.get(to) ?? ports.get(`many(${to})`))?.score;
    },
  };
}

/** The best plan, or undefined when there is none. */
export function findPlan(task: PlanningTask): Plan | undefined {
  for (const goal of task.goals) {
    const way = findWay(task, goal);
    if (way !== undefined) return toPlan(task, goal, edgesOf(way));
  }
  return undefined;
}

function findWay(task: PlanningTask, goal: string): Way | undefined {
  const { index, source, deadlineMs } = task;
  const weigh = weigher(task);
  const way = findWays({ index, source, weigh, goal }).get(goal);
  if (way === undefined || way.ms <= deadlineMs) return way;
  const inTime = findWays({ index, source, weigh, goal, deadlineMs }).get(goal);
  if (inTime !== undefined) return inTime;
  // Either nothing is fast enough, or the bounded search gave up: the fastest way tells which.
  const fastest = findWays({ index, source, goal, weigh: byTime(weigh) }).get(goal);
  return fastest !== undefined && fastest.ms <= deadlineMs ? fastest : undefined;
}

function toPlan({ judge, source, request }: PlanningTask, goal: string, edges: readonly Edge[]): Plan {
  const steps = edges.map((edge): PlanStep => {
    const { predicted, notes } = judge(edge);
    return { transform: edge.transform, lifted: edge.lifted, from: edge.from, to: edge.to, predicted, notes };
  });
  return { graph: planGraph(source, goal, edges, request.options), steps, totals: totalsOf(edges.map(judge)) };
}

/** Sums over the edges of a way. */
export function totalsOf(verdicts: readonly Verdict[]): PlanTotals {
  const sum = (part: (verdict: Verdict) => number): number =>
    verdicts.reduce((total, verdict) => total + part(verdict), 0);
  return {
    ms: sum(({ predicted }) => predicted.ms),
    usd: sum(({ predicted }) => predicted.usd),
    joules: sum(({ predicted }) => predicted.joules),
    loss: sum(({ predicted }) => lossOf(predicted)),
    score: sum(({ weight }) => weight.score),
  };
}
