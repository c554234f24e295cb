import type { Arrival } from "../traces/trace.ts";
import type { RadioState } from "../world/radio.ts";
import type { World, WorldEvent } from "../world/world.ts";

/** Weights of what "best" means, every one said. */
export interface FullObjective {
  readonly latency: number;
  readonly cost: number;
  readonly energy: number;
  readonly quality: number;
}

/** One drawing of a scenario: the same for every policy. */
export interface Episode {
  readonly seed: number;
  readonly lengthMs: number;
  readonly world: World;
  readonly arrivals: readonly Arrival[];
  readonly events: readonly WorldEvent[];
  readonly objective: FullObjective;
  /** The edge's way to remote pools; absent: a wire that is always good. */
  readonly radio?: ((atMs: number) => RadioState) | undefined;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** The oracle answers everything in time, so that a policy can be asked to. */
  readonly feasible: boolean;
  readonly stationary: boolean;
  episode(seed: number): Episode;
}

/** How much gateways know of queues, and how many there are. */
export interface Telemetry {
  readonly gateways: number;
  /** Pools report this often. */
  readonly everyMs: number;
  /** Replies carry the queue of the pool they come from. */
  readonly replies: boolean;
}
