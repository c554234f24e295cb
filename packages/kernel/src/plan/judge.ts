import type { AnyTransform } from "../contract/transform.ts";
import { deadlineOf, refusalOf, restrictionsOf, type Conditions, type Refusal } from "./eligibility.ts";
import type { Prediction } from "./plan.ts";
import { predict, scoreOf } from "./score.ts";
import type { Weight } from "./search.ts";
import type { Edge } from "./transform-index.ts";

/** What one request makes of one edge. */
export interface Verdict {
  readonly refusal?: Refusal | undefined;
  readonly predicted: Prediction;
  readonly weight: Weight;
  readonly notes: readonly string[];
}

/** Judges edges for one request, each once: transforms' costs and restrictions are foreign code. */
export function createJudge(conditions: Conditions): (edge: Edge) => Verdict {
  const verdicts = new Map<Edge, Verdict>();
  const refusals = new Map<AnyTransform, Refusal | undefined>();
  return (edge) => {
    let verdict = verdicts.get(edge);
    if (verdict !== undefined) return verdict;
    if (!refusals.has(edge.transform)) refusals.set(edge.transform, refusalOf(edge.transform, conditions));
    verdict = judge(edge, refusals.get(edge.transform), conditions);
    verdicts.set(edge, verdict);
    return verdict;
  };
}

function judge(edge: Edge, ofTransform: Refusal | undefined, conditions: Conditions): Verdict {
  const { request, options } = conditions;
  const predicted = predict(edge, request.from.descriptor ?? {}, options);
  // A stand-in says nothing about time, so it does not count against the deadline.
  const ms = predicted.assumed ? 0 : predicted.ms;
  const weight = { score: scoreOf(predicted, request.policy?.objective), ms };
  if (ofTransform !== undefined) return { refusal: ofTransform, predicted, weight, notes: [] };
  const { refusal, notes } = restrictionsOf(edge, conditions);
  const deadlineMs = deadlineOf(request.policy);
  if (refusal === undefined && ms > deadlineMs) {
    return {
      refusal: { reason: `takes ${Math.round(ms)} ms, the deadline is ${deadlineMs} ms`, byPolicy: true },
      predicted,
      weight,
      notes,
    };
  }
  return { refusal, predicted, weight, notes };
}
