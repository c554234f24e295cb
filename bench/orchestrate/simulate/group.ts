import type { PolicyName } from "../policies/all-policies.ts";
import { scenarios } from "../scenarios/all-scenarios.ts";
import { stale, fresh, staleWithReplies } from "../scenarios/telemetry.ts";
import { type Bound, upperBound } from "./bound.ts";
import { play } from "./play.ts";
import type { Totals } from "./tally.ts";

/** One drawing of one scenario, played by everybody. Plain data: it comes from a worker. */
export interface GroupResult {
  readonly scenario: string;
  readonly seed: number;
  readonly bound: Bound;
  readonly fresh: Readonly<Partial<Record<PolicyName, Totals>>>;
  readonly stale: Readonly<Partial<Record<PolicyName, Totals>>>;
  readonly staleWithReplies: Totals;
}

export interface GroupTask {
  readonly scenario: string;
  readonly seed: number;
  readonly fresh: readonly PolicyName[];
  readonly stale: readonly PolicyName[];
}

export function playGroup(task: GroupTask): GroupResult {
  const scenario = scenarios.find(({ name }) => name === task.scenario);
  if (scenario === undefined) throw new RangeError(`No scenario "${task.scenario}"`);
  const episode = scenario.episode(task.seed);
  const all = (names: readonly PolicyName[], telemetry: typeof fresh) =>
    Object.fromEntries(names.map((name) => [name, play(episode, name, telemetry)]));
  return {
    scenario: task.scenario,
    seed: task.seed,
    bound: upperBound(episode),
    fresh: all(task.fresh, fresh),
    stale: all(task.stale, stale),
    staleWithReplies: play(episode, "router", staleWithReplies),
  };
}
