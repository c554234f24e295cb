import type { Arm, RouteRequest } from "@stargate/compute";
import type { Draws } from "../random.ts";
import { Outstanding } from "./outstanding.ts";
import type { Policy, PolicyCall } from "./policy.ts";

/** Index of an arm, -1 for none. */
type Pick = (call: PolicyCall, allowed: readonly number[], seen: Outstanding) => number;

/** A policy that only looks at what it sees, and learns nothing. */
function unlearning(pick: Pick): Policy {
  const seen = new Outstanding();
  return {
    choose(call) {
      const { arms, request } = call;
      const allowed = [...arms.keys()].filter((index) => isAllowed(arms[index], request));
      const arm = pick(call, allowed, seen);
      return { arm, ticket: arm < 0 ? "" : seen.begin(arms[arm]?.pool ?? ""), explored: false };
    },
    end: (ticket) => seen.end(ticket),
    report: (pool, telemetry) => seen.report(pool, telemetry),
    quality() {},
  };
}

function isAllowed(arm: Arm | undefined, { excludePools }: RouteRequest): boolean {
  return arm !== undefined && excludePools?.includes(arm.pool) !== true;
}

export function randomPolicy(draws: Draws): Policy {
  return unlearning((_, allowed) => (allowed.length === 0 ? -1 : draws.pick(allowed)));
}

export function roundRobin(): Policy {
  let next = 0;
  return unlearning((_, allowed) => (allowed.length === 0 ? -1 : (allowed[next++ % allowed.length] ?? -1)));
}

/** The operator's one model: the middle variant, without degradation. */
function fixedModel({ arms }: PolicyCall, allowed: readonly number[]): readonly number[] {
  const fixed = allowed.filter((index) => arms[index]?.variant === "medium" && (arms[index].rung ?? "full") === "full");
  return fixed.length > 0 ? fixed : allowed;
}

/** Two random pools, the one with fewer own calls under way (Mitzenmacher 2001). */
export function powerOfTwoChoices(draws: Draws): Policy {
  return unlearning((call, allowed, seen) => {
    const fixed = fixedModel(call, allowed);
    if (fixed.length === 0) return -1;
    const [first, second] = [draws.pick(fixed), draws.pick(fixed)];
    const own = (index: number) => seen.own(call.arms[index]?.pool ?? "");
    return own(first) <= own(second) ? first : second;
  });
}

/** The pool with the fewest jobs per slot by the last report and own calls since. */
export function joinShortestQueue(): Policy {
  return unlearning((call, allowed, seen) => {
    const depth = (index: number) => {
      const pool = call.arms[index]?.pool ?? "";
      return Math.max(seen.depth(pool), seen.own(pool) / 1000);
    };
    return minimum(fixedModel(call, allowed), depth);
  });
}

/** The cheapest arm whose declared time and reported backlog fit the deadline; the fastest when none does. */
export function cheapestFeasible(): Policy {
  return unlearning(({ arms, request }, allowed, seen) => {
    const expected = (index: number) =>
      (arms[index]?.priorMs ?? 0) * request.items + seen.backlogMs(arms[index]?.pool ?? "");
    const price = (index: number) => {
      const arm = arms[index];
      if (arm === undefined) return 0;
      return "usdPerCall" in arm.price
        ? arm.price.usdPerCall
        : (arm.price.usdPerHour * (arm.priorMs ?? 0) * request.items) / 3_600_000;
    };
    const feasible = allowed.filter((index) => expected(index) <= request.remainingMs);
    return feasible.length > 0 ? minimum(feasible, price) : minimum(allowed, expected);
  });
}

function minimum(indexes: readonly number[], of: (index: number) => number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const index of indexes) {
    const value = of(index);
    if (value < least) [best, least] = [index, value];
  }
  return best;
}
