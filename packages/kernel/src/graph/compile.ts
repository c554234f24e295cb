import type { Registry } from "../registry/registry.ts";
import { digestJson } from "../util/digest.ts";
import type { JsonObject } from "../util/json.ts";
import { checkPolicy } from "./compile/check-policy.ts";
import { compileBody } from "./compile/compile-body.ts";
import { normalBody } from "./compile/normal-body.ts";
import type { CompiledGraph } from "./compiled-graph.ts";
import type { Graph } from "./graph.ts";
import { parseGraph } from "./parse-graph.ts";

/**
 * Resolves every name of a graph, checks every composition, fills defaults and pins versions. What passes can be run.
 * Compiling the normal form again gives the same plan hash, and so does any order in which the steps are listed.
 *
 * Throws SG_GRAPH_INVALID (not well formed, unknown wire, circle, something nothing reads), SG_GRAPH_MISMATCH (both
 * sides and the shortest conversion), SG_OPTIONS_INVALID and SG_REGISTRY_UNKNOWN (with the nearest name);
 * `details.step` is the path of the step at fault.
 */
export function compileGraph(graph: Graph, registry: Registry): CompiledGraph {
  const parsed = parseGraph(graph);
  const body = compileBody(parsed, { registry, prefix: "", insideMap: false, compileBody }, { unreadInputs: "refuse" });
  const policy = parsed.policy ?? {};
  checkPolicy(policy, parsed.steps);
  const plan = { stargate: 1, ...normalBody(body), policy } as const;
  const { name, description } = parsed;
  return Object.freeze({
    ...body,
    graph: { ...plan, name, ...(description !== undefined && { description }) },
    planHash: digestJson(plan as unknown as JsonObject), // a graph is JSON by construction
    policy,
  });
}
