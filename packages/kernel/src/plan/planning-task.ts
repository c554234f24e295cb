import { portText, resolvePortText } from "../graph/port-text.ts";
import type { Registry } from "../registry/registry.ts";
import { createJudge, type Verdict } from "./judge.ts";
import type { PlannerOptions, PlanRequest } from "./plan.ts";
import type { Weight } from "./search.ts";
import type { Edge, TransformIndex } from "./transform-index.ts";

/** A request being worked on, with everything that is known about it. */
export interface PlanningTask {
  readonly registry: Registry;
  readonly index: TransformIndex;
  readonly request: PlanRequest;
  /** Port text of what there is. */
  readonly source: string;
  /** Port texts that satisfy the request, best first. */
  readonly goals: readonly string[];
  readonly judge: (edge: Edge) => Verdict;
  readonly deadlineMs: number;
}

type Weigh = (edge: Edge) => Weight | undefined;

/** Looks the request's names up. Throws SG_REGISTRY_UNKNOWN. */
export function openTask(
  registry: Registry,
  index: TransformIndex,
  request: PlanRequest,
  options: PlannerOptions,
): PlanningTask {
  const from = resolvePortText(request.from.modality, registry);
  const to = resolvePortText(request.to, registry);
  const source = portText({ ...from, many: from.many || request.from.many === true });
  const goals = to.many ? [portText(to)] : [portText(to), portText({ ...to, many: true })];
  const judge = createJudge({ request, options, source });
  return { registry, index, request, source, goals, judge, deadlineMs: request.policy?.deadlineMs ?? Infinity };
}

/** Weighs the edges that the request does not refuse. */
export function weigher({ judge }: PlanningTask): Weigh {
  return (edge) => {
    const { refusal, weight } = judge(edge);
    return refusal === undefined ? weight : undefined;
  };
}

/** The same edges, weighed by time alone. */
export function byTime(weigh: Weigh): Weigh {
  return (edge) => {
    const weight = weigh(edge);
    return weight === undefined ? undefined : { score: weight.ms, ms: weight.ms };
  };
}
