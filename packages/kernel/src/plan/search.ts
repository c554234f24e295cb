import { createBinaryHeap } from "../util/binary-heap.ts";
import type { Edge, TransformIndex } from "./transform-index.ts";

/** What taking an edge adds. Both are zero or more. */
export interface Weight {
  readonly score: number;
  /** Predicted time that counts against the deadline. */
  readonly ms: number;
}

/** A way found so far: its last edge and the way before it. */
export interface Way {
  readonly port: string;
  readonly score: number;
  readonly ms: number;
  readonly length: number;
  readonly edge?: Edge | undefined;
  readonly before?: Way | undefined;
}

export interface SearchRequest {
  readonly index: TransformIndex;
  readonly source: string;
  /** Weight of an edge; undefined when it may not be taken. Asked at most once per way that reaches it. */
  readonly weigh: (edge: Edge) => Weight | undefined;
  /** Ways longer than this are no ways. Default: none. */
  readonly deadlineMs?: number | undefined;
  /** Stops as soon as this port is reached; without it every port is reached. */
  readonly goal?: string | undefined;
  /** From the goal backwards: ports are sources of ways to `source`. */
  readonly backwards?: boolean | undefined;
}

/** Ways looked at under a deadline; beyond it the search is no longer a plan but a problem of its own. */
const MAX_WAYS = 50_000;

/**
 * The best way to each port, by (score, number of steps, transform ids): Dijkstra's algorithm. Under a deadline a
 * port keeps every way that is faster than all better ones (label setting, Desrochers and Soumis 1988), so that
 * the best way within the deadline is found, and not merely the best way refused.
 */
export function findWays(request: SearchRequest): ReadonlyMap<string, Way> {
  const { index, source, weigh, goal, backwards = false, deadlineMs = Infinity } = request;
  const bounded = deadlineMs !== Infinity;
  const best = new Map<string, Way>();
  const fastestMs = new Map<string, number>();
  const open = createBinaryHeap(compareWays);
  open.push({ port: source, score: 0, ms: 0, length: 0 });
  let looked = 0;
  for (let way = open.pop(); way !== undefined && looked < MAX_WAYS; way = open.pop()) {
    const fastest = fastestMs.get(way.port);
    if (fastest !== undefined && (!bounded || way.ms >= fastest)) continue;
    looked += 1;
    fastestMs.set(way.port, way.ms);
    if (!best.has(way.port)) best.set(way.port, way);
    if (way.port === goal) break;
    for (const edge of backwards ? index.to(way.port) : index.from(way.port)) {
      const port = backwards ? edge.from : edge.to;
      if (!bounded && best.has(port)) continue;
      const weight = weigh(edge);
      if (weight === undefined || way.ms + weight.ms > deadlineMs) continue;
      open.push({
        port,
        score: way.score + weight.score,
        ms: way.ms + weight.ms,
        length: way.length + 1,
        edge,
        before: way,
      });
    }
  }
  return best;
}

/** Edges of a way in the order they were taken. */
export function edgesOf(way: Way): readonly Edge[] {
  const edges: Edge[] = [];
  for (let step: Way | undefined = way; step?.edge !== undefined; step = step.before) edges.push(step.edge);
  return edges.reverse();
}

/** A total order that survives adding the same edges to both sides: what makes the search exact and repeatable. */
function compareWays(a: Way, b: Way): number {
  return a.score - b.score || a.length - b.length || compareEdges(a, b);
}

function compareEdges(a: Way, b: Way): number {
  const left = edgesOf(a);
  const right = edgesOf(b);
  for (const [position, edge] of left.entries()) {
    const other = right[position];
    if (other === undefined || edge === other) continue;
    if (edge.transform.id !== other.transform.id) return edge.transform.id < other.transform.id ? -1 : 1;
    return Number(edge.lifted) - Number(other.lifted);
  }
  return 0;
}
