import type { AnyTransform } from "../contract/transform.ts";
import { isPort } from "../define/define-transform.ts";
import type { ResolvedPort } from "../graph/compiled-graph.ts";
import { portText, resolvePort } from "../graph/port-text.ts";
import type { Registry } from "../registry/registry.ts";

/** One way a transform can be a step of a plan. */
export interface Edge {
  readonly transform: AnyTransform;
  /** Runs on every item of a stream, as a map step. */
  readonly lifted: boolean;
  /** Port texts: "document", "many(page)". */
  readonly from: string;
  readonly to: string;
}

/** All steps plans can be made of, by the port they start from. Made once per registry. */
export interface TransformIndex {
  /** By port text: "document", "many(page)". */
  from(port: string): readonly Edge[];
  to(port: string): readonly Edge[];
  /** Edges of a transform, the direct one first; none when it takes several inputs. */
  of(transform: AnyTransform): readonly Edge[];
}

/** Single-input transforms as edges: each as it is, and those from one to one also lifted over a stream. */
export function indexTransforms(registry: Registry): TransformIndex {
  const byFrom = new Map<string, Edge[]>();
  const byTo = new Map<string, Edge[]>();
  const byTransform = new Map<AnyTransform, readonly Edge[]>();
  for (const transform of registry.transforms) {
    const edges = edgesOf(transform);
    byTransform.set(transform, edges);
    for (const edge of edges) {
      append(byFrom, edge.from, edge);
      append(byTo, edge.to, edge);
    }
  }
  return {
    from: (port) => byFrom.get(port) ?? [],
    to: (port) => byTo.get(port) ?? [],
    of: (transform) => byTransform.get(transform) ?? [],
  };
}

function edgesOf(transform: AnyTransform): readonly Edge[] {
  if (!isPort(transform.from)) return [];
  const from = resolvePort(transform.from);
  const to = resolvePort(transform.to);
  const direct: Edge = { transform, lifted: false, from: portText(from), to: portText(to) };
  if (from.many || to.many) return [direct];
  const overStream = (port: ResolvedPort): string => portText({ ...port, many: true });
  return [direct, { transform, lifted: true, from: overStream(from), to: overStream(to) }];
}

function append(map: Map<string, Edge[]>, key: string, edge: Edge): void {
  const edges = map.get(key);
  if (edges === undefined) map.set(key, [edge]);
  else edges.push(edge);
}
