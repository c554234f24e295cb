import type { AnyModality } from "../../contract/modality.ts";
import type { AnyTransform } from "../../contract/transform.ts";
import { portEntries } from "../../define/define-transform.ts";
import { fail } from "../../errors/catalog.ts";
import type { CompiledBody, CompiledStep, ResolvedPort } from "../../graph/compiled-graph.ts";
import type { Wire } from "../../graph/graph.ts";

/** One wire feeding a step. */
export interface FeedPlan {
  /** Port of a transform, input of a body, or the role in a structural step ("over"). */
  readonly name: string;
  readonly wire: Wire;
  readonly many: boolean;
  /** What the wire carries. */
  readonly modality: AnyModality;
}

export interface StepPlan {
  readonly step: CompiledStep;
  readonly feeds: readonly FeedPlan[];
}

/** What has to be known of a body to wire it up; made once per body and kept. */
export interface BodyPlan {
  readonly steps: readonly StepPlan[];
  /** How many steps read each stream that comes in from outside. */
  readonly inputReaders: ReadonlyMap<Wire, number>;
}

const plans = new WeakMap<CompiledBody, BodyPlan>();

export function planBody(body: CompiledBody): BodyPlan {
  let plan = plans.get(body);
  if (plan === undefined) plans.set(body, (plan = makePlan(body)));
  return plan;
}

function makePlan(body: CompiledBody): BodyPlan {
  const ports = new Map<Wire, ResolvedPort>(body.inputs);
  for (const step of body.steps) ports.set(step.spec.id, step.output);
  const steps = body.steps.map((step) => ({
    step,
    feeds: feedsOf(step).map(([name, wire]): FeedPlan => {
      const port = ports.get(wire);
      if (port === undefined)
        throw fail("SG_GRAPH_INVALID", `Step "${step.path}" reads "${wire}", which is neither an input nor a step`);
      return {
        name,
        wire,
        many: port.many,
        modality: step.kind === "transform" ? modalityOfPort(step.transform, name, port) : port.modality,
      };
    }),
  }));
  const inputReaders = new Map<Wire, number>();
  for (const { feeds } of steps)
    for (const { wire, many } of feeds)
      if (many && body.inputs.has(wire)) inputReaders.set(wire, (inputReaders.get(wire) ?? 0) + 1);
  return { steps, inputReaders };
}

/** The transform's own copy of the modality: its `measureOf` is the one its author counts with. */
function modalityOfPort(transform: AnyTransform, name: string, fallback: ResolvedPort): AnyModality {
  const port = portEntries(transform.from).find(([candidate]) => candidate === name)?.[1];
  if (port === undefined) return fallback.modality;
  return port.kind === "many" ? port.item : port;
}

function feedsOf(step: CompiledStep): readonly (readonly [name: string, wire: Wire])[] {
  switch (step.kind) {
    case "transform":
      return [...step.feeds];
    case "map":
      return [["over", step.spec.over], ...Object.entries(step.spec.from ?? {})];
    case "switch":
      return [["on", step.spec.on], ...Object.entries(step.spec.from)];
    case "loop":
      return [["from", step.spec.from]];
    case "window":
      return [["over", step.spec.over]];
    case "join":
      return [
        ["left", step.spec.left],
        ["right", step.spec.right],
      ];
    case "pipeline":
      return Object.entries(step.spec.from);
  }
}
