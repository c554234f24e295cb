import { describe, expect, test } from "vitest";
import { createDraws } from "../random.ts";
import { radioLink } from "../world/radio.ts";
import { kinds } from "../world/standard-world.ts";
import { functionTrace } from "./functions.ts";
import { diurnal, flashCrowd, modulated, twitterLike } from "./rates.ts";
import { type Arrival, poissonArrivals, type Rate } from "./trace.ts";

const SEED = 20_261_121;
const LENGTH_MS = 600_000;

function arrivalsOf(rate: Rate, largestRate = 1000, seed = SEED): readonly Arrival[] {
  return poissonArrivals(createDraws(seed), { kinds, lengthMs: LENGTH_MS, rate, largestRate });
}

/** Squared coefficient of variation of the times between arrivals: 1 for a Poisson process. */
function burstiness(arrivals: readonly Arrival[]): number {
  const gaps = arrivals.slice(1).map(({ atMs }, index) => atMs - (arrivals[index]?.atMs ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length / mean ** 2;
}

function perSecond(arrivals: readonly Arrival[], fromMs: number, toMs: number): number {
  return (arrivals.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).length * 1000) / (toMs - fromMs);
}

describe("arrivals", () => {
  test("at a steady rate are a Poisson process of kinds in their shares", () => {
    const arrivals = arrivalsOf(() => 80);
    expect(perSecond(arrivals, 0, LENGTH_MS)).toBeCloseTo(80, -0.5);
    expect(burstiness(arrivals)).toBeCloseTo(1, 1);
    const share = (kind: number) => arrivals.filter((one) => one.kind === kind).length / arrivals.length;
    expect([share(0), share(1), share(2)]).toEqual([
      expect.closeTo(0.6, 1),
      expect.closeTo(0.3, 1),
      expect.closeTo(0.1, 1),
    ]);
    expect(arrivals.reduce((sum, { size }) => sum + size, 0) / arrivals.length).toBeCloseTo(1, 1);
  });

  test("of the same seed are the same, of another seed others", () => {
    const rate = diurnal(5);
    expect(arrivalsOf(rate)).toEqual(arrivalsOf(rate));
    expect(arrivalsOf(rate, 1000, 1)).not.toEqual(arrivalsOf(rate, 1000, 2));
  });

  test("of a day are three times as many at noon as at night", () => {
    const arrivals = arrivalsOf(diurnal(90));
    const noon = perSecond(arrivals, 270_000, 330_000);
    const night = perSecond(arrivals, 0, 30_000);
    expect(noon / night).toBeGreaterThan(2.5);
    expect(noon / night).toBeLessThan(3.5);
  });

  test("like Twitter's have heavy noise and spikes of more than half again", () => {
    const rate = twitterLike(createDraws(SEED), 120, LENGTH_MS);
    const day = diurnal(120);
    const factors = Array.from({ length: 600 }, (_, second) => rate(second * 1000) / day(second * 1000)).toSorted(
      (a, b) => a - b,
    );
    expect(factors[300]).toBeGreaterThan(0.7);
    expect(factors[300]).toBeLessThan(1.3);
    expect(factors.at(-1)).toBeGreaterThan(1.8);
    expect(factors.at(-1)).toBeLessThan(10);
  });

  test("of a flash crowd are ten times as many after five seconds", () => {
    const arrivals = arrivalsOf(flashCrowd(50, 240_000));
    expect(perSecond(arrivals, 180_000, 240_000)).toBeCloseTo(50, -1);
    expect(perSecond(arrivals, 245_000, 300_000)).toBeGreaterThan(460);
    expect(perSecond(arrivals, 311_000, 400_000)).toBeLessThan(60);
  });

  test("in modulated bursts have a squared variation of 4 to 8", () => {
    const of = (seed: number) =>
      burstiness(
        arrivalsOf(modulated(createDraws(seed), LENGTH_MS, { quiet: 20, burst: 300, quietMs: 16_000, burstMs: 4000 })),
      );
    const mean = (of(1) + of(2) + of(3)) / 3;
    expect(mean).toBeGreaterThan(4);
    expect(mean).toBeLessThan(8);
  });

  test("of functions follow Zipf's law over eight orders of magnitude, with spikes at the full minute", () => {
    const { arrivals, rates } = functionTrace(createDraws(SEED), {
      kinds,
      lengthMs: LENGTH_MS,
      functions: 200_000,
      callsPerSecond: 90,
    });
    const rate = (rank: number) => rates[rank - 1] ?? Number.NaN;
    expect(Math.log10(rate(1) / rate(200_000))).toBeGreaterThan(7.9);
    expect(Math.log(rate(10) / rate(100)) / Math.log(10)).toBeCloseTo(1.5);
    expect(perSecond(arrivals, 0, LENGTH_MS)).toBeGreaterThan(70);
    expect(perSecond(arrivals, 0, LENGTH_MS)).toBeLessThan(110);
    const fullMinute = arrivals.filter(({ atMs }) => atMs % 60_000 < 3000).length / 10 / 3;
    const usual = arrivals.filter(({ atMs }) => atMs % 60_000 >= 10_000).length / 10 / 50;
    expect(fullMinute / usual).toBeGreaterThan(2);
  });
});

describe("an edge's radio link", () => {
  test("has 0.5 to 50 Mbit/s, round trips of 30 to 300 ms, and short outages", () => {
    const link = radioLink(SEED, 100 * LENGTH_MS);
    const states = Array.from({ length: 100_000 }, (_, index) => link(index * 500));
    const up = states.filter(({ megabitsPerSecond }) => megabitsPerSecond > 0);
    const speeds = new Set(up.map(({ megabitsPerSecond }) => megabitsPerSecond));
    expect([Math.min(...speeds), Math.max(...speeds)]).toEqual([0.5, 50]);
    const trips = new Set(states.map(({ roundTripMs }) => roundTripMs));
    expect([Math.min(...trips), Math.max(...trips)]).toEqual([30, 300]);
    const outages = 1 - up.length / states.length;
    expect(outages).toBeGreaterThan(0.0005);
    expect(outages).toBeLessThan(0.05);
  });
});
