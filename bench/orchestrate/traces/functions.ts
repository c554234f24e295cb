import type { Draws } from "../random.ts";
import type { WorkKind } from "../world/world.ts";
import { makeArrival, type Arrival } from "./trace.ts";

const MINUTE_MS = 60_000;

export interface FunctionTrace {
  readonly arrivals: readonly Arrival[];
  /** Calls per minute of each function, as they were meant: for checking the statistics. */
  readonly rates: readonly number[];
}

/** Functions beyond this rank are called about once an hour or less: their calls are drawn together. */
const HEAD = 400;

/**
 * Like the Azure functions trace (Shahrad et al. 2020): popularity by Zipf's law with exponent 1.5, rates over eight
 * orders of magnitude, counts per minute that jump, and a third of the functions called by a timer, all at the full minute.
 */
export function functionTrace(
  draws: Draws,
  options: {
    readonly kinds: readonly WorkKind[];
    readonly lengthMs: number;
    readonly functions: number;
    readonly callsPerSecond: number;
  },
): FunctionTrace {
  const { kinds, lengthMs, functions, callsPerSecond } = options;
  const weights = Array.from({ length: functions }, (_, rank) => (rank + 1) ** -1.5);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const rates = weights.map((weight) => (weight / sum) * callsPerSecond * 60);
  const arrivals: Arrival[] = [];
  const call = (minute: number, rank: number, insideMs: number) => {
    const atMs = minute * MINUTE_MS + insideMs;
    if (atMs < lengthMs) arrivals.push(makeArrival(draws, kinds, atMs, kindOfFunction(rank, kinds)));
  };
  const tail = rates.slice(HEAD).reduce((total, rate) => total + rate, 0);
  for (let minute = 0; minute * MINUTE_MS < lengthMs; minute++) {
    for (const [rank, rate] of rates.slice(0, HEAD).entries()) {
      const isTimer = rank % 3 === 2;
      const calls = poisson(draws, rate * draws.logNormal(0.5));
      for (let index = 0; index < calls; index++)
        call(minute, rank, isTimer ? draws.exponential(1500) % MINUTE_MS : draws.next() * MINUTE_MS);
    }
    const rare = poisson(draws, tail);
    for (let index = 0; index < rare; index++) call(minute, draws.integer(HEAD, functions), draws.next() * MINUTE_MS);
  }
  return { arrivals: arrivals.toSorted((a, b) => a.atMs - b.atMs), rates };
}

/** Functions take turns so that every kind has popular and rare ones, in about its share. */
function kindOfFunction(rank: number, kinds: readonly WorkKind[]): number {
  const place = ((rank * 0.618_033_988_75) % 1) * kinds.reduce((sum, { share }) => sum + share, 0);
  let left = place;
  return Math.max(
    0,
    kinds.findIndex(({ share }) => (left -= share) < 0),
  );
}

/** A Poisson number: by counting for small means, by the normal approximation beyond 50. */
function poisson(draws: Draws, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * draws.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = draws.next(); product > limit; product *= draws.next()) count += 1;
  return count;
}
