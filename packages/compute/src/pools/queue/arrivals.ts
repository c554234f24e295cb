import type { PoolJob } from "../pool.ts";

type Criticality = PoolJob["criticality"];

/** Work let in longer ago than a few times this counts little. */
const MEMORY_MS = 2000;
const moreCritical: Readonly<Record<Criticality, readonly Criticality[]>> = {
  critical: [],
  normal: ["critical"],
  sheddable: ["critical", "normal"],
};

/** How much work of each criticality has been let in lately: what comes next will be about as much. */
export class Arrivals {
  readonly #recentMs: Record<Criticality, number> = { critical: 0, normal: 0, sheddable: 0 };
  #atMs = 0;

  /** A call that takes `costMs` of one slot was let in. */
  add(criticality: Criticality, costMs: number, nowMs: number): void {
    this.#fade(nowMs);
    this.#recentMs[criticality] += costMs;
  }

  /** Slots that are busy with what comes ahead of calls of this criticality, as arrivals go on like this. */
  slotsTakenBefore(criticality: Criticality, nowMs: number): number {
    this.#fade(nowMs);
    return moreCritical[criticality].reduce((sum, other) => sum + this.#recentMs[other], 0) / MEMORY_MS;
  }

  #fade(nowMs: number): void {
    const kept = Math.exp((this.#atMs - nowMs) / MEMORY_MS);
    this.#atMs = nowMs;
    for (const criticality of ["critical", "normal", "sheddable"] as const) this.#recentMs[criticality] *= kept;
  }
}
