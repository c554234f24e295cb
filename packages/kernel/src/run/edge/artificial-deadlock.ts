import type { Channel } from "./channel.ts";
import type { Process } from "./process.ts";

/**
 * Resolves artificial deadlocks. A network of processes with bounded queues can stop although the same network with
 * unbounded ones would go on: a fan-out whose branches meet again, one collecting, one streaming. Parks' rule
 * (T. M. Parks, "Bounded Scheduling of Process Networks", UCB/ERL-95-105, 1995) lets the smallest full queue grow.
 * It is applied to cycles of waiting processes rather than to the whole network standing still
 * (M. Geilen and T. Basten, "Requirements on the Execution of Kahn Process Networks", ESOP 2003), so that a
 * live source elsewhere in the graph cannot hide one.
 *
 * Called when `process` has parked: a new cycle must lead through it.
 */
export function growDeadlock(process: Process): void {
  for (let cycle = fullEdgesOnCycle(process); cycle !== undefined; cycle = fullEdgesOnCycle(process)) {
    const growable = cycle.filter((channel) => channel.growable);
    const [first, ...others] = growable;
    if (first === undefined) return;
    others.reduce((smallest, channel) => (channel.length < smallest.length ? channel : smallest), first).grow();
  }
}

/** Full edges on a cycle of waits through `start`, or undefined when there is no cycle. */
function fullEdgesOnCycle(start: Process): readonly Channel[] | undefined {
  const visited = new Set<Process>();
  const edges: Channel[] = [];
  const leadsBack = (process: Process): boolean => {
    for (const wait of process.waits) {
      for (const { process: next, fullEdge } of wait.on.blockers()) {
        if (next !== start && visited.has(next)) continue;
        visited.add(next);
        if (fullEdge !== undefined) edges.push(fullEdge);
        if (next === start || leadsBack(next)) return true;
        if (fullEdge !== undefined) edges.pop();
      }
    }
    return false;
  };
  return leadsBack(start) ? edges : undefined;
}
