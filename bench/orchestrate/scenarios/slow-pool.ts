import { createDraws } from "../random.ts";
import { poissonArrivals } from "../traces/trace.ts";
import { kinds, standardWorld } from "../world/standard-world.ts";
import type { Episode } from "./scenario.ts";

export const SLOW_FROM_MS = 60_000;
const LENGTH_MS = 120_000;
const PER_SECOND = 60;

/** A pool becomes ten times slower (heat) and says nothing of it; the others have room for its work. */
export function slowPool(seed: number): Episode {
  return {
    seed,
    lengthMs: LENGTH_MS,
    world: standardWorld,
    arrivals: poissonArrivals(createDraws(seed), {
      kinds,
      lengthMs: LENGTH_MS,
      rate: () => PER_SECOND,
      largestRate: PER_SECOND,
    }),
    events: [{ atMs: SLOW_FROM_MS, kind: "slow", pool: "eu-gpu", factor: 10 }],
    objective: { latency: 1, cost: 1, energy: 0, quality: 2 },
  };
}
