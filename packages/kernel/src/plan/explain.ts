import type { AnyTransform } from "../contract/transform.ts";
import type { Registry } from "../registry/registry.ts";
import { refusalOf, type Conditions } from "./eligibility.ts";
import type { ExplainedStep, Explanation, RejectedCandidate } from "./explanation.ts";
import { findMissingHop } from "./missing-hop.ts";
import type { Plan, PlannerOptions, PlanRequest, PlanStep } from "./plan.ts";
import { findPlan } from "./planner.ts";
import { openTask, weigher, type PlanningTask } from "./planning-task.ts";
import { compareWithChosen } from "./compare-ways.ts";
import { edgesOf, findWays, type Way } from "./search.ts";
import { indexTransforms } from "./transform-index.ts";

export type { Explanation } from "./explanation.ts";

/**
 * Says which way a plan takes and why every other registered transform is not in it. Never throws for want of a way:
 * that is explained, too. Throws SG_REGISTRY_UNKNOWN for a modality nobody defines.
 */
export function explain(registry: Registry, request: PlanRequest, options: PlannerOptions = {}): Explanation {
  const task = openTask(registry, indexTransforms(registry), request, options);
  const plan = findPlan(task);
  const goal = plan === undefined ? (task.goals[0] ?? request.to) : (plan.steps.at(-1)?.to ?? task.source);
  return {
    from: task.source,
    to: goal,
    chosen: plan === undefined ? null : { steps: plan.steps.map(explainStep), totals: plan.totals },
    rejected: rejectCandidates(task, options, plan, goal),
    missing: plan === undefined ? findMissingHop(task) : null,
  };
}

function explainStep({ transform, lifted, from, to, predicted, notes }: PlanStep): ExplainedStep {
  return { uses: nameOf(transform), summary: transform.summary, from, to, lifted, predicted, notes };
}

function rejectCandidates(
  task: PlanningTask,
  options: PlannerOptions,
  plan: Plan | undefined,
  goal: string,
): readonly RejectedCandidate[] {
  const { registry, index, source } = task;
  const weigh = weigher(task);
  const search: Search = {
    task,
    conditions: { request: task.request, options, source },
    plan,
    goal,
    ahead: findWays({ index, source, weigh }),
    behind: findWays({ index, source: goal, weigh, backwards: true }),
  };
  const chosen = new Set(plan?.steps.map(({ transform }) => transform));
  return registry.transforms.flatMap((newest) =>
    registry
      .versions(newest.id)
      .filter((transform) => !chosen.has(transform))
      .map((transform) => ({
        uses: nameOf(transform),
        reason: transform === newest ? reasonAgainst(transform, search) : `older version; plans take ${newest.version}`,
      })),
  );
}

interface Search {
  readonly task: PlanningTask;
  readonly conditions: Conditions;
  readonly plan: Plan | undefined;
  readonly goal: string;
  /** Best ways from the source to every port, and from every port to the goal. */
  readonly ahead: ReadonlyMap<string, Way>;
  readonly behind: ReadonlyMap<string, Way>;
}

function reasonAgainst(transform: AnyTransform, { task, conditions, plan, goal, ahead, behind }: Search): string {
  const edges = task.index.of(transform);
  const refusal =
    refusalOf(transform, conditions) ??
    edges.map((edge) => task.judge(edge).refusal).find((found) => found !== undefined);
  if (refusal !== undefined) return refusal.reason;
  const reachable = edges.filter(({ from }) => ahead.has(from));
  const direct = edges[0];
  if (reachable.length === 0) return `not reachable from ${task.source}: nothing makes ${direct?.from ?? "its input"}`;
  const leading = reachable.filter(({ to }) => behind.has(to));
  if (leading.length === 0)
    return `does not lead to ${goal}: nothing usable turns ${direct?.to ?? "its output"} into it`;
  if (plan === undefined) return `leads to ${goal}, but not within the deadline`;
  const ways = leading.map((edge) => [
    ...edgesOf(ahead.get(edge.from) ?? nowhere),
    edge,
    ...edgesOf(behind.get(edge.to) ?? nowhere).toReversed(),
  ]);
  return compareWithChosen(ways, plan, task);
}

const nowhere: Way = { port: "", score: 0, ms: 0, length: 0 };

function nameOf(transform: AnyTransform): string {
  return `${transform.id}@${transform.version}`;
}
