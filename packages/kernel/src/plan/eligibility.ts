import type { Descriptor } from "../contract/modality.ts";
import type { Policy } from "../contract/policy.ts";
import { isPort, portEntries } from "../define/define-transform.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { formatProblems, schemaProblems } from "../util/schema-problems.ts";
import type { PlanRequest, PlannerOptions } from "./plan.ts";
import type { Edge } from "./transform-index.ts";

/** Why a step may not be used, and whether asking differently would change that. */
export interface Refusal {
  readonly reason: string;
  /** The policy or the gate forbids it; otherwise the transform itself is not made for automatic plans. */
  readonly byPolicy: boolean;
}

/** Everything a step is judged by. */
export interface Conditions {
  readonly request: PlanRequest;
  readonly options: PlannerOptions;
  /** Port text of what there is. */
  readonly source: string;
}

/** Why a transform cannot be in any plan of this request; undefined when it can. */
export function refusalOf(transform: AnyTransform, { request, options }: Conditions): Refusal | undefined {
  const { exclude = [], policy = {} } = request;
  if (exclude.includes(transform.id) || exclude.includes(`${transform.id}@${transform.version}`))
    return policyRefusal("excluded by the request");
  if (!transform.plannable) return ownRefusal("not plannable: must be named");
  if (!isPort(transform.from)) {
    const ports = portEntries(transform.from).map(([name]) => name);
    return ownRefusal(`takes several inputs (${ports.join(", ")}): must be named`);
  }
  const given = request.options?.[transform.id] ?? {};
  const parsed = transform.options.safeParse(given);
  if (!parsed.success)
    return ownRefusal(`needs options: ${formatProblems(schemaProblems(parsed.error, transform.options, given))}`);
  if (transform.network && options.airGapped === true)
    return policyRefusal("needs a network, and this gate is air-gapped");
  const lost = (policy.keep ?? []).filter((kind) => (transform.loss[kind] ?? 0) > 0);
  return lost.length === 0 ? undefined : policyRefusal(`loses ${lost.join(" and ")}, which the policy keeps`);
}

/** Restrictions that hold, as far as anything is known: only a step that reads the input itself has its descriptor. */
export function restrictionsOf(
  edge: Edge,
  { request, source }: Conditions,
): { readonly refusal?: Refusal; readonly notes: readonly string[] } {
  const { transform } = edge;
  if (transform.restrictions.length === 0 || edge.lifted || edge.from !== source) return noRestriction;
  const parsed = transform.options.safeParse(request.options?.[transform.id] ?? {});
  const held = transform.restrictions.filter((restriction) =>
    holds(() => restriction.when(request.from.descriptor ?? noFacts, parsed.data)),
  );
  const hard =
    held.find((restriction) => restriction.kind === "hard") ??
    (request.policy?.degrade === "never" ? held[0] : undefined);
  const notes = held.map((restriction) => restriction.note);
  if (hard === undefined) return { notes };
  const suffix = hard.kind === "soft" ? " (and the policy allows no degradation)" : "";
  return { refusal: policyRefusal(`restriction: ${hard.note}${suffix}`), notes };
}

const noFacts: Descriptor = {};
const noRestriction = { notes: [] } as const;

/** A restriction that fails on a missing fact does not hold as far as is known; the runner asks again at run time. */
function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}

function policyRefusal(reason: string): Refusal {
  return { reason, byPolicy: true };
}

function ownRefusal(reason: string): Refusal {
  return { reason, byPolicy: false };
}

/** Milliseconds a plan may be predicted to take. */
export function deadlineOf(policy: Policy | undefined): number {
  return policy?.deadlineMs ?? Infinity;
}
