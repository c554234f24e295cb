import { describe, expect, test } from "vitest";
import { type CountName, readTotals, readWindow } from "./read-counts.ts";

const window = (seconds: number, counts: Readonly<{ [Name in CountName]?: number }>) => ({
  seconds,
  counts: new Map(Object.entries(counts).map(([name, amount]) => [name, amount ?? 0])),
});
const flopsOf = (key: string): number | undefined => (key === "clip/int8 2^18" ? 3e9 : undefined);
const busy = {
  busyMs: 15_000,
  "runs:ok": 19,
  "runs:failed": 1,
  items: 100,
  mostItems: 400,
  "done:clip/int8 2^18": 100,
  "joules:measured": 150,
  carbonGrams: 0.02,
  "releases:drained": 20,
} as const;

describe("a window says", () => {
  test("how busy the slots are, how full the runs, what they compute and what that takes", () => {
    expect(readWindow(window(10, busy), 2, flopsOf)).toEqual({
      seconds: 10,
      busyFraction: 0.75,
      runs: 20,
      failedRuns: 1,
      items: 100,
      itemsPerRun: 5,
      batchFill: 0.25,
      flopsPerSecond: 3e10,
      flopsKnown: 1,
      joules: 150,
      joulesBasis: "measured",
      watts: 15,
      flopsPerWatt: 2e9,
      carbonGrams: 0.02,
      releases: { drained: 20 },
      refusals: {},
      hosts: {},
    });
  });

  test("nothing that it does not know", () => {
    expect(readWindow(window(0, {}), 1, flopsOf)).toMatchObject({
      busyFraction: 0,
      itemsPerRun: null,
      batchFill: null,
      flopsPerSecond: null,
      flopsKnown: null,
      joules: null,
      joulesBasis: null,
      watts: null,
      flopsPerWatt: null,
      carbonGrams: null,
    });
  });

  test("no FLOP/s per watt of less than two seconds", () => {
    expect(readWindow(window(1.999, busy), 2, flopsOf).flopsPerWatt).toBeNull();
    expect(readWindow(window(2, busy), 2, flopsOf).flopsPerWatt).toBe(2e9);
  });

  test("what share of the items its FLOP/s are of, and no FLOP/s per watt while that is not all", () => {
    const partly = readWindow(window(10, { ...busy, "done:other/fp32 2^3": 300 }), 2, flopsOf);
    expect(partly).toMatchObject({ flopsPerSecond: 3e10, flopsKnown: 0.25, flopsPerWatt: null });
    expect(readWindow(window(10, { "done:other/fp32 2^3": 300 }), 2, flopsOf)).toMatchObject({
      flopsPerSecond: null,
      flopsKnown: 0,
    });
  });

  test("joules as weak as the weakest of them, and none when there are runs without", () => {
    const counts = { ...busy, "joules:declared": 10, "joules:estimated": 1 };
    expect(readWindow(window(10, counts), 2, flopsOf)).toMatchObject({ joules: 161, joulesBasis: "estimated" });
    expect(readWindow(window(10, { ...counts, unpoweredRuns: 1 }), 2, flopsOf)).toMatchObject({
      joules: null,
      joulesBasis: null,
      watts: null,
      flopsPerWatt: null,
    });
  });
});

test("totals keep joules apart by how they are known", () => {
  const counts = { ...busy, "joules:estimated": 3, "refusals:SG_COMPUTE_OVERLOADED": 2, "hosts:lost": 1 };
  expect(readTotals(new Map(Object.entries(counts)), flopsOf)).toEqual({
    busySeconds: 15,
    runs: { ok: 19, failed: 1 },
    items: 100,
    flops: 3e11,
    joules: { measured: 150, estimated: 3 },
    carbonGrams: 0.02,
    releases: { drained: 20 },
    refusals: { SG_COMPUTE_OVERLOADED: 2 },
    hosts: { lost: 1 },
  });
});
