import { createDraws } from "../random.ts";
import { functionTrace } from "../traces/functions.ts";
import { diurnal, flashCrowd, modulated, twitterLike } from "../traces/rates.ts";
import { poissonArrivals, type Arrival, type Rate } from "../traces/trace.ts";
import { radioLink } from "../world/radio.ts";
import { api, edge, euGpu, kinds, standardWorld, usGpu } from "../world/standard-world.ts";
import type { World, WorldEvent } from "../world/world.ts";
import type { Episode, Scenario } from "./scenario.ts";

const MINUTE_MS = 60_000;
const LENGTH_MS = 10 * MINUTE_MS;
const LARGEST_RATE = 1500;
const objective = { latency: 1, cost: 1, energy: 0, quality: 2 };

function episode(seed: number, arrivals: readonly Arrival[], more: Partial<Episode> = {}): Episode {
  return { seed, lengthMs: LENGTH_MS, world: standardWorld, arrivals, events: [], objective, ...more };
}

function poisson(seed: number, rate: Rate): readonly Arrival[] {
  return poissonArrivals(createDraws(seed), { kinds, lengthMs: LENGTH_MS, rate, largestRate: LARGEST_RATE });
}

const steady: Scenario = {
  name: "steady",
  about: "Poisson arrivals, 80 a second; nothing happens",
  feasible: true,
  stationary: true,
  episode: (seed) =>
    episode(
      seed,
      poisson(seed, () => 80),
    ),
};

const functions: Scenario = {
  name: "functions",
  about: "like the Azure functions trace: 200,000 functions, Zipf 1.5, timers at the full minute",
  feasible: true,
  stationary: false,
  episode: (seed) =>
    episode(
      seed,
      functionTrace(createDraws(seed), { kinds, lengthMs: LENGTH_MS, functions: 200_000, callsPerSecond: 90 }).arrivals,
    ),
};

const day: Scenario = {
  name: "day",
  about: "like Twitter: day and night with heavy noise and spikes",
  feasible: true,
  stationary: false,
  episode: (seed) => episode(seed, poisson(seed, twitterLike(createDraws(seed + 1000), 120, LENGTH_MS))),
};

const storm: Scenario = {
  name: "storm",
  about: "the same; one pool twice as slow, another dead, a third of the price",
  feasible: true,
  stationary: false,
  episode: (seed) =>
    episode(seed, poisson(seed, twitterLike(createDraws(seed + 1000), 120, LENGTH_MS)), {
      events: [
        { atMs: 2 * MINUTE_MS, kind: "slow", pool: "eu-gpu", factor: 2 },
        { atMs: 4 * MINUTE_MS, kind: "slow", pool: "eu-gpu", factor: 1 },
        { atMs: 5 * MINUTE_MS, kind: "die", pool: "us-gpu" },
        { atMs: 7 * MINUTE_MS, kind: "revive", pool: "us-gpu" },
        { atMs: 8 * MINUTE_MS, kind: "price", pool: "api", factor: 1 / 3 },
      ],
    }),
};

const crowd: Scenario = {
  name: "crowd",
  about: "ten times the load within five seconds, for a minute",
  feasible: true,
  stationary: false,
  episode: (seed) => episode(seed, poisson(seed, flashCrowd(50, 4 * MINUTE_MS))),
};

const bursts: Scenario = {
  name: "bursts",
  about: "Markov-modulated: 20 a second, and 300 in bursts of four seconds; one pool four times slower for two minutes",
  feasible: true,
  stationary: false,
  episode: (seed) => {
    const rate = modulated(createDraws(seed + 1000), LENGTH_MS, {
      quiet: 20,
      burst: 300,
      quietMs: 16_000,
      burstMs: 4000,
    });
    return episode(seed, poisson(seed, rate), {
      events: [
        { atMs: 5 * MINUTE_MS, kind: "slow", pool: "us-gpu", factor: 4 },
        { atMs: 7 * MINUTE_MS, kind: "slow", pool: "us-gpu", factor: 1 },
      ],
    });
  },
};

const radioWorld: World = {
  ...standardWorld,
  kinds: kinds.map((kind) => ({ ...kind, deadlineMs: kind.deadlineMs * 1.25 })),
  rungs: [
    { name: "full", quality: 1, work: 1, bytes: 1 },
    { name: "half", quality: 0.95, work: 0.45, bytes: 0.28 },
    { name: "quarter", quality: 0.82, work: 0.25, bytes: 0.09 },
  ],
  pools: [edge, { ...euGpu, remote: true }, { ...api, remote: true }],
};

const radio: Scenario = {
  name: "radio",
  about: "an edge box on an LTE-like link with outages; three resolutions, 27 arms",
  feasible: true,
  stationary: false,
  episode: (seed) =>
    episode(seed, poisson(seed, diurnal(45)), { world: radioWorld, radio: radioLink(seed + 2000, LENGTH_MS) }),
};

const grey: Scenario = {
  name: "grey",
  about: "one pool fails 5 % of its calls, then hangs; the best variant loses accuracy; a new pool comes, cold",
  feasible: true,
  stationary: false,
  episode: (seed) =>
    episode(seed, poisson(seed, diurnal(80)), {
      world: {
        ...standardWorld,
        pools: [edge, euGpu, usGpu, api, { ...euGpu, id: "new-gpu", joinsAtMs: 6 * MINUTE_MS, coldMs: 5000 }],
      },
      events: [
        { atMs: MINUTE_MS, kind: "fail", pool: "eu-gpu", rate: 0.05 },
        { atMs: 3 * MINUTE_MS, kind: "fail", pool: "eu-gpu", rate: 0 },
        { atMs: 3.5 * MINUTE_MS, kind: "hang", pool: "us-gpu" },
        { atMs: 4.5 * MINUTE_MS, kind: "revive", pool: "us-gpu" },
        { atMs: 5 * MINUTE_MS, kind: "accuracy", variant: "large", accuracy: 0.6 },
      ] satisfies readonly WorldEvent[],
    }),
};

function overloadRate(atMs: number): number {
  const minute = atMs / MINUTE_MS;
  if (minute >= 1 && minute < 5) return 3 * 110;
  return minute >= 7 && minute < 8 ? 3 * 470 : 60;
}

const overload: Scenario = {
  name: "overload",
  about: "no service without limits; three times what the best model can serve, then three times what the smallest can",
  feasible: false,
  stationary: false,
  episode: (seed) =>
    episode(
      seed,
      poisson(seed, (atMs) => overloadRate(atMs)),
      {
        world: { ...standardWorld, pools: standardWorld.pools.filter(({ id }) => id !== api.id) },
      },
    ),
};

/** Nine worlds to place calls in. */
export const scenarios: readonly Scenario[] = [steady, functions, day, storm, crowd, bursts, radio, grey, overload];
