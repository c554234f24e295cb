import type { ArmTruth, Policy } from "./policy.ts";

/**
 * Knows everything there is to know when a request comes, and takes the place that is best for it. Greedy: whom it makes
 * wait is none of its concern, which costs it dearly when there are too many.
 */
export function oracle(): Policy {
  return knowing(() => 0);
}

const GAIN = 0.02;
const LONG_QUEUE = 0.2;

/** The same knowledge, and the router's own regard for those who come after: what of the router is left to learn. */
export function patientOracle(): Policy {
  const pools = new Map<string, { serviceMs: number; urgency: number }>();
  return knowing(
    (pool, { waitMs, slotMs }) => {
      const { serviceMs, urgency } = pools.get(pool) ?? { serviceMs: slotMs, urgency: 0 };
      const pressure = waitMs * urgency;
      return (pressure * (1 + (pressure / LONG_QUEUE) ** 2) * slotMs) / serviceMs;
    },
    (pool, leastMs, remainingMs) => {
      const known = pools.get(pool) ?? { serviceMs: leastMs, urgency: 1 / remainingMs };
      known.serviceMs += GAIN * (leastMs - known.serviceMs);
      known.urgency += GAIN * (1 / remainingMs - known.urgency);
      pools.set(pool, known);
    },
  );
}

type Regard = (pool: string, truth: ArmTruth) => number;
type Notice = (pool: string, leastMs: number, remainingMs: number) => void;

function knowing(regard: Regard, notice: Notice = () => undefined): Policy {
  return {
    choose({ request, arms, truth }) {
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      const least = new Map<string, number>();
      for (const [index, arm] of arms.entries()) {
        if (request.excludePools?.includes(arm.pool) === true) continue;
        const seen = truth(index);
        least.set(arm.pool, Math.min(least.get(arm.pool) ?? Number.POSITIVE_INFINITY, seen.slotMs));
        const burden = regard(arm.pool, seen);
        if (!seen.onTime || seen.utility <= 0 || burden > seen.utility) continue;
        if (seen.utility - burden > most) [best, most] = [index, seen.utility - burden];
      }
      for (const [pool, ms] of least) notice(pool, ms, request.remainingMs);
      return { arm: best, ticket: "", explored: false };
    },
    end() {},
    report() {},
    quality() {},
  };
}
