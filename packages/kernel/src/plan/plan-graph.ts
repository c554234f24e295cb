import type { Graph, GraphBody, GraphStep, TransformStep } from "../graph/graph.ts";
import type { JsonObject } from "../util/json.ts";
import type { Edge } from "./transform-index.ts";

/** Name of the one input of every plan. */
const PLAN_INPUT = "input";

/**
 * The graph of a chain of edges. Neighbouring lifted edges share one map step, so that an item passes through
 * all of them before the next is taken.
 */
export function planGraph(
  source: string,
  goal: string,
  edges: readonly Edge[],
  options: Readonly<Record<string, JsonObject>> = {},
): Graph {
  const used = new Set([PLAN_INPUT, "item"]);
  const transformStep = (edge: Edge, from: string): TransformStep => {
    const given = options[edge.transform.id];
    const use = `${edge.transform.id}@${edge.transform.version}`;
    return {
      kind: "transform",
      id: freshId(edge.transform.id, used),
      use,
      from,
      ...(given === undefined ? {} : { with: given }),
    };
  };
  const steps: GraphStep[] = [];
  let wire = PLAN_INPUT;
  for (const group of groupLifted(edges)) {
    const [first] = group;
    const step: GraphStep = first.lifted
      ? { kind: "map", id: freshId("each", used), over: wire, body: mapBody(group, transformStep) }
      : transformStep(first, wire);
    steps.push(step);
    wire = step.id;
  }
  return { stargate: 1, name: graphName(source, goal), inputs: { [PLAN_INPUT]: source }, steps, output: wire };
}

type Group = readonly [Edge, ...Edge[]];

/** Runs of lifted edges; every other edge alone. */
function groupLifted(edges: readonly Edge[]): readonly Group[] {
  const groups: [Edge, ...Edge[]][] = [];
  for (const edge of edges) {
    const last = groups.at(-1);
    if (edge.lifted && last?.[0].lifted === true) last.push(edge);
    else groups.push([edge]);
  }
  return groups;
}

function mapBody(group: Group, transformStep: (edge: Edge, from: string) => TransformStep): GraphBody {
  const steps: TransformStep[] = [];
  for (const edge of group) steps.push(transformStep(edge, steps.at(-1)?.id ?? "item"));
  return { inputs: { item: itemOf(group[0].from) }, steps, output: steps.at(-1)?.id ?? "item" };
}

/** "many(page)" -> "page" */
function itemOf(port: string): string {
  return port.slice("many(".length, -1);
}

/** "ocr.read" -> "ocr-read", "ocr-read-2" ...: ids are unique over the whole plan, so that receipts read well. */
function freshId(name: string, used: Set<string>): string {
  const base = name.replaceAll(".", "-");
  let id = base;
  for (let count = 2; used.has(id); count++) id = `${base}-${count}`;
  used.add(id);
  return id;
}

function graphName(source: string, goal: string): string {
  return `${source}-to-${goal}`.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, "");
}
