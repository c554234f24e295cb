import type { Episode } from "../scenarios/scenario.ts";
import { Places } from "./places.ts";
import { utilityOf } from "./utility.ts";
import { VirtualTime } from "./virtual-time.ts";

/** What no policy can beat, per request. */
export interface Bound {
  readonly utility: number;
  /** Share of answers in time. */
  readonly slo: number;
}

/** Work of a window may still run while the next begins, for as long as a deadline lasts. */
const WINDOW_MS = 20_000;
const STEPS = 120;

/** One way to serve one request: its gain when nobody is in the way, and the slot time it takes. */
interface Way {
  readonly pool: number;
  readonly slotMs: number;
  readonly utility: number;
}

/**
 * An offline upper bound, knowing every arrival: per window the linear program "serve at most what the slots can hold,
 * nobody waits", by its dual (a price per pool and slot millisecond; any prices give a valid bound, steps towards
 * even use look for good ones). Worlds without events only: it takes pools as they are at the start.
 */
export function upperBound(episode: Episode): Bound {
  const time = new VirtualTime();
  const places = new Places(episode, time);
  const { world, arrivals, objective, lengthMs } = episode;
  const longestMs = Math.max(...world.kinds.map(({ deadlineMs }) => deadlineMs));
  let utility = 0;
  let answered = 0;
  let next = 0;
  for (let fromMs = 0; fromMs < lengthMs; fromMs += WINDOW_MS) {
    const requests: Way[][] = [];
    for (; (arrivals[next]?.atMs ?? Number.POSITIVE_INFINITY) < fromMs + WINDOW_MS; next++) {
      const arrival = arrivals[next];
      if (arrival === undefined) break;
      const deadlineMs = world.kinds[arrival.kind]?.deadlineMs ?? 0;
      requests.push(
        places.all.flatMap((place) => {
          const { price, watts, gramsPerKwh } = place.pool.world;
          const { trueMs, transferMs } = places.work(arrival, next, place);
          if (trueMs + transferMs > deadlineMs) return [];
          const gain = utilityOf(
            {
              onTime: true,
              accuracy: places.accuracy(place),
              usd: "usdPerCall" in price ? price.usdPerCall : (price.usdPerHour * trueMs) / 3_600_000,
              joules: (watts * trueMs) / 1000,
              gramsPerKwh: gramsPerKwh(0),
              latencyMs: trueMs + transferMs,
              deadlineMs,
            },
            objective,
            world.scales,
          );
          return [{ pool: place.poolIndex, slotMs: trueMs, utility: gain }];
        }),
      );
    }
    const capacity = world.pools.map(({ slots }) => slots * (WINDOW_MS + longestMs));
    utility += dualBound(requests, capacity);
    answered += dualBound(
      requests.map((ways) => ways.map((way) => ({ ...way, utility: 1 }))),
      capacity,
    );
  }
  const count = Math.max(1, arrivals.length);
  return { utility: utility / count, slo: Math.min(1, answered / count) };
}

function dualBound(requests: readonly (readonly Way[])[], capacity: readonly number[]): number {
  const worth = worthOfSlots(requests);
  const prices = capacity.map((slotMs) => (Number.isFinite(slotMs) ? 0.1 * worth : 0));
  const limited = capacity.map((slotMs) => Number.isFinite(slotMs));
  // With slots for nothing everybody gets the best.
  let bound = requests.reduce((sum, ways) => sum + ways.reduce((most, { utility }) => Math.max(most, utility), 0), 0);
  for (let step = 1; step <= STEPS; step++) {
    const used = capacity.map(() => 0);
    let value = 0;
    for (const ways of requests) {
      let best: Way | undefined;
      let most = 0;
      for (const way of ways) {
        const gain = way.utility - (prices[way.pool] ?? 0) * way.slotMs;
        if (gain > most) [best, most] = [way, gain];
      }
      if (best === undefined) continue;
      value += most;
      used[best.pool] = (used[best.pool] ?? 0) + best.slotMs;
    }
    for (const [pool, price] of prices.entries()) if (limited[pool] === true) value += price * (capacity[pool] ?? 0);
    bound = Math.min(bound, value);
    // Multiplicative steps: what nobody uses at a price becomes cheaper, what too many use dearer.
    for (const [pool, price] of prices.entries()) {
      const excess = Math.min(1, Math.max(-1, (used[pool] ?? 0) / (capacity[pool] ?? 1) - 1));
      prices[pool] = price * Math.exp(excess / Math.sqrt(step));
    }
  }
  return bound;
}

/** About what a slot millisecond is worth to the requests: the unit of the steps. */
function worthOfSlots(requests: readonly (readonly Way[])[]): number {
  let sum = 0;
  let count = 0;
  for (const ways of requests) {
    for (const { utility, slotMs } of ways) {
      sum += utility / slotMs;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}
