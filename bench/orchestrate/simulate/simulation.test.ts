import { type Arm, createRouter, type Router } from "@stargate/compute";
import { describe, expect, test } from "vitest";
import type { PolicyName } from "../policies/all-policies.ts";
import { createDraws } from "../random.ts";
import type { Episode } from "../scenarios/scenario.ts";
import { fresh, stale } from "../scenarios/telemetry.ts";
import { poissonArrivals } from "../traces/trace.ts";
import { api, kinds, standardWorld } from "../world/standard-world.ts";
import type { World, WorldEvent } from "../world/world.ts";
import { upperBound } from "./bound.ts";
import { playConstraints } from "./constraint-play.ts";
import { play } from "./play.ts";
import { recoveryMs } from "./recovery.ts";
import { VirtualTime } from "./virtual-time.ts";

const SEED = 20_261_121;

/** A short time in the standard world. */
function episode(
  perSecond: number,
  { seconds = 40, events = [] as readonly WorldEvent[], world = standardWorld as World, energy = 0 } = {},
): Episode {
  const lengthMs = seconds * 1000;
  const arrivals = poissonArrivals(createDraws(SEED), {
    kinds,
    lengthMs,
    rate: () => perSecond,
    largestRate: perSecond,
  });
  const objective = { latency: 1, cost: 1, energy, quality: 2 };
  return { seed: SEED, lengthMs, world, arrivals, events, objective };
}

describe("a simulated gateway with the router", () => {
  const usual = episode(80);

  test("plays the same game twice alike", () => {
    expect(play(usual, "router", stale)).toEqual(play(usual, "router", stale));
  });

  test("answers in time where the oracle does, and nearly as well, a minute after it knew nothing", () => {
    const longer = episode(80, { seconds: 60 });
    const [router, oracle, random] = (["router", "oracle", "random"] as const).map((name) => play(longer, name, fresh));
    expect(oracle?.slo).toBe(1);
    expect(router?.requests).toBe(longer.arrivals.length);
    expect(router?.slo).toBeGreaterThan(0.99);
    expect(router!.usdPerThousand / oracle!.usdPerThousand).toBeLessThan(1.5);
    expect((router!.utility - random!.utility) / (oracle!.utility - random!.utility)).toBeGreaterThan(0.9);
  });

  test("answers in time with four gateways and reports half a second old", () => {
    expect(play(usual, "router", stale).slo).toBeGreaterThan(0.96);
  });

  test("keeps its share of answers when a pool dies, hangs, or fails one call in twenty", () => {
    const after = (events: readonly WorldEvent[]) => play(episode(60, { events }), "router", fresh);
    const died = after([{ atMs: 15_000, kind: "die", pool: "us-gpu" }]);
    expect(recoveryMs(died.buckets, 15_000)).toBeLessThanOrEqual(10_000);
    const hung = after([{ atMs: 15_000, kind: "hang", pool: "eu-gpu" }]);
    expect(recoveryMs(hung.buckets, 15_000)).toBeLessThanOrEqual(10_000);
    expect(after([{ atMs: 5000, kind: "fail", pool: "eu-gpu", rate: 0.05 }]).slo).toBeGreaterThan(0.99);
  });

  test("scales accuracy down instead of failing when the best model is asked three times too often", () => {
    const world = { ...standardWorld, pools: standardWorld.pools.filter(({ id }) => id !== api.id) };
    const over = episode(330, { seconds: 20, world });
    const slo = (name: PolicyName) => play(over, name, fresh).slo;
    expect(slo("router")).toBeGreaterThan(0.97);
    expect(slo("shortest queue")).toBeLessThan(0.6);
    expect(slo("oracle")).toBeLessThan(0.6);
  });

  test("saves a quarter of the energy when it is told that energy counts", () => {
    const [without, weighing] = [0, 1].map((energy) => play(episode(60, { energy }), "router", fresh));
    expect(weighing!.joulesPerThousand / without!.joulesPerThousand).toBeLessThan(0.75);
    expect(weighing!.slo).toBeGreaterThan(without!.slo - 0.01);
  });

  test("is not better than what nobody can beat", () => {
    const brief = episode(120, { seconds: 15 });
    const bound = upperBound(brief);
    for (const name of ["router", "oracle", "patient oracle", "LinUCB"] as const) {
      expect(play(brief, name, fresh).utility).toBeLessThanOrEqual(bound.utility);
    }
  });
});

describe("the check of hard constraints", () => {
  const check = (wrap: (router: Router) => Router) => {
    const time = new VirtualTime();
    const draws = createDraws(SEED);
    const router = wrap(createRouter({ clock: time, random: () => draws.next(), recordedDecisions: 50 }));
    return playConstraints({ router, time, draws, decisions: 3000, replayEvery: 20 });
  };

  test("finds nothing wrong with the router", () => {
    expect(check((router) => router)).toMatchObject({
      violations: 0,
      wrongRefusals: 0,
      replays: 150,
      replaysThatDiffer: 0,
    });
  });

  test("finds a router that forgets pins", () => {
    const forgets = (router: Router): Router => ({
      decide: ({ pin: _, ...request }, arms: readonly Arm[]) => router.decide(request, arms),
      report: (pool, telemetry) => router.report(pool, telemetry),
      observe: (outcome) => router.observe(outcome),
      observeQuality: (observation) => router.observeQuality(observation),
      fold: () => router.fold(),
      record: (id) => router.record(id),
      state: () => router.state(),
      close: () => router.close(),
    });
    expect(check(forgets).violations).toBeGreaterThan(60);
  });
});

describe("the time to recover", () => {
  test("is counted to the first of two good buckets in a row", () => {
    expect(recoveryMs([1, 1, 0.5, 0.96, 0.5, 1, 1], 10_000)).toBe(15_000);
    expect(recoveryMs([1, 1, 1, 1], 12_000)).toBe(0);
    expect(recoveryMs([1, 1, 0, 0], 10_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
