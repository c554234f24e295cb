import type { Clock } from "@stargate/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SlidingCounts } from "./sliding-counts.ts";

/** A clock that stands where a test puts it. */
function standing(startMs = 0): Clock & { at(ms: number): void } {
  let nowMs = startMs;
  return { nowMs: () => nowMs, epochMs: () => nowMs, timer: () => () => undefined, at: (ms) => void (nowMs = ms) };
}

test("a window holds what happened in it, and says how long it is", () => {
  const clock = standing(500);
  const counts = new SlidingCounts(clock, 60);
  counts.add("runs", 1);
  clock.at(4000);
  counts.add("runs", 2);
  expect(counts.last(10)).toEqual({ seconds: 3.5, counts: new Map([["runs", 3]]) });
  clock.at(12_250);
  expect(counts.last(10)).toEqual({ seconds: 9.25, counts: new Map([["runs", 2]]) });
  clock.at(100_000);
  expect(counts.last(60).counts.size).toBe(0);
  expect(counts.totals.get("runs")).toBe(3);
});

test("what took a while is spread over it", () => {
  const clock = standing();
  const counts = new SlidingCounts(clock, 60);
  clock.at(20_000);
  counts.add("joules", 100, 10_000);
  clock.at(20_999);
  // From second 16 on: 4 of the 10 seconds.
  expect(counts.last(5).counts.get("joules")).toBeCloseTo(40, 9);
  expect(counts.last(60).counts.get("joules")).toBeCloseTo(100, 9);
});

test("what began before all that is kept counts for the part that is", () => {
  const clock = standing();
  const counts = new SlidingCounts(clock, 60);
  clock.at(600_000);
  counts.add("busyMs", 600_000, 0);
  expect(counts.last(10).counts.get("busyMs")).toBeCloseTo(9000, 6);
  expect(counts.totals.get("busyMs")).toBe(600_000);
});

test("nothing is lost or invented within a window, whatever is added when", () => {
  const entry = fc.record({ pauseMs: fc.nat(3000), amount: fc.integer({ min: 1, max: 100 }), backMs: fc.nat(2500) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 15 }), (entries) => {
      const clock = standing(10_000);
      const counts = new SlidingCounts(clock, 60);
      let sum = 0;
      for (const { pauseMs, amount, backMs } of entries) {
        clock.at(clock.nowMs() + pauseMs);
        counts.add("x", amount, clock.nowMs() - backMs);
        sum += amount;
      }
      expect(counts.last(60).counts.get("x") ?? 0).toBeCloseTo(sum, 6);
    }),
  );
});
