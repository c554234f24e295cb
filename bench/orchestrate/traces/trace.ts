import type { Draws } from "../random.ts";
import type { WorkKind } from "../world/world.ts";

/** One request of a trace. */
export interface Arrival {
  readonly atMs: number;
  /** Index into the kinds of the world. */
  readonly kind: number;
  readonly size: number;
  readonly tenant: string;
}

/** Mean arrivals per second at a time. */
export type Rate = (atMs: number) => number;

const TENANTS = 8;

/** Arrivals of a Poisson process whose rate changes, by thinning (Lewis and Shedler 1979). */
export function poissonArrivals(
  draws: Draws,
  options: {
    readonly kinds: readonly WorkKind[];
    readonly lengthMs: number;
    readonly rate: Rate;
    readonly largestRate: number;
  },
): readonly Arrival[] {
  const { kinds, lengthMs, rate, largestRate } = options;
  const arrivals: Arrival[] = [];
  for (
    let atMs = draws.exponential(1000 / largestRate);
    atMs < lengthMs;
    atMs += draws.exponential(1000 / largestRate)
  ) {
    if (draws.next() * largestRate < rate(atMs)) arrivals.push(makeArrival(draws, kinds, atMs));
  }
  return arrivals;
}

/** An arrival of a random kind, size and tenant. */
export function makeArrival(
  draws: Draws,
  kinds: readonly WorkKind[],
  atMs: number,
  kind = pickKind(draws, kinds),
): Arrival {
  const size = draws.logNormal(kinds[kind]?.sizeDeviation ?? 0);
  return { atMs, kind, size, tenant: `tenant-${draws.integer(1, TENANTS)}` };
}

function pickKind(draws: Draws, kinds: readonly WorkKind[]): number {
  let left = draws.next() * kinds.reduce((sum, { share }) => sum + share, 0);
  return Math.max(
    0,
    kinds.findIndex(({ share }) => (left -= share) < 0),
  );
}
