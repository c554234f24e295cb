import type { Draws } from "../random.ts";
import type { Episode } from "../scenarios/scenario.ts";
import type { VirtualTime } from "../simulate/virtual-time.ts";
import { epsilonGreedy, linearUpperConfidence, plainThompson } from "./bandits.ts";
import { oracle, patientOracle } from "./oracle.ts";
import type { Policy } from "./policy.ts";
import { routerPolicy } from "./router-policy.ts";
import { cheapestFeasible, joinShortestQueue, powerOfTwoChoices, randomPolicy, roundRobin } from "./simple.ts";
import { profileOf, staticProfile } from "./static-profile.ts";

export interface PolicyContext {
  readonly time: VirtualTime;
  readonly draws: Draws;
  readonly episode: Episode;
}

export type PolicyName =
  | "router"
  | "random"
  | "round robin"
  | "power of two"
  | "cheapest feasible"
  | "static profile"
  | "LinUCB"
  | "epsilon-greedy"
  | "Thompson"
  | "shortest queue"
  | "oracle"
  | "patient oracle";

/** The router, the nine it is compared with, and the oracle. */
export const policies: Readonly<Record<PolicyName, (context: PolicyContext) => Policy>> = {
  router: ({ time, draws }) => routerPolicy(time, draws),
  random: ({ draws }) => randomPolicy(draws),
  "round robin": () => roundRobin(),
  "power of two": ({ draws }) => powerOfTwoChoices(draws),
  "cheapest feasible": () => cheapestFeasible(),
  "static profile": ({ episode }) => staticProfile(episode.world, profileOf(episode.world)),
  LinUCB: () => linearUpperConfidence(),
  "epsilon-greedy": ({ draws }) => epsilonGreedy(draws),
  Thompson: ({ draws }) => plainThompson(draws),
  "shortest queue": () => joinShortestQueue(),
  oracle: () => oracle(),
  "patient oracle": () => patientOracle(),
};

/** Policies whose arms never change: what "the best static policy" means. */
export const staticPolicies: readonly PolicyName[] = [
  "random",
  "round robin",
  "power of two",
  "cheapest feasible",
  "static profile",
  "shortest queue",
];
