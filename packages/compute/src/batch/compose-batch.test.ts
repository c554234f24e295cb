import fc from "fast-check";
import { expect, test } from "vitest";
import { composeBatch, type BatchCandidate, type ComposeOptions } from "./compose-batch.ts";
import { LatencyModel } from "./latency-model.ts";

const call = (items = 1, deadlineMs = Infinity, bytes = 100): BatchCandidate => ({ items, deadlineMs, bytes });
const calls = (count: number): BatchCandidate[] => Array.from({ length: count }, () => call());

function learned({ fixedMs, perItemMs } = { fixedMs: 4, perItemMs: 1 }): LatencyModel {
  const latency = new LatencyModel();
  for (let run = 0; run < 400; run++) latency.observe(1 + (run % 32), fixedMs + perItemMs * (1 + (run % 32)));
  return latency;
}

const compose = (waiting: readonly BatchCandidate[], more: Partial<ComposeOptions> = {}) =>
  composeBatch(waiting, {
    nowMs: 1000,
    limits: { maxItems: 32, maxBytes: 10_000 },
    ceilingItems: Infinity,
    shareItems: Infinity,
    latency: learned(),
    ...more,
  });

test("everything that waits runs together while it fits", () => {
  expect(compose(calls(5))).toMatchObject({ taken: { length: 5 }, reason: "drained" });
});

test.each([
  ["items", calls(40), {}, 32],
  ["items", [call(20), call(20), call(10)], {}, 2],
  ["bytes", calls(40), { limits: { maxItems: 32, maxBytes: 450 } }, 4],
  ["memory", calls(40), { ceilingItems: 7 }, 7],
  ["share", calls(40), { shareItems: 9 }, 9],
  ["gain", calls(40), { latency: learned({ fixedMs: 3.9, perItemMs: 2 }) }, 20],
  ["gain", calls(40), { latency: learned({ fixedMs: 0, perItemMs: 5 }) }, 2],
] as const)("the run is released for its %s", (reason, waiting, more, length) => {
  expect(compose(waiting, more)).toMatchObject({ taken: { length }, reason });
});

test("one that does not fit is left out, and later ones that do are taken", () => {
  const [first, second, third] = [call(20), call(30), call(12)];
  expect(compose([first, second, third])).toEqual({ taken: [first, third], reason: "items" });
});

test("the first is taken however large it is", () => {
  expect(compose([call(1000), call()])).toMatchObject({ taken: { length: 1 }, reason: "items" });
});

test("the predicted time fits the tightest deadline", () => {
  const { taken, reason } = compose([call(1, 1000 + 14), ...calls(31)]);
  expect(reason).toBe("deadline");
  expect(taken.length).toBeGreaterThan(4);
  expect(4 + taken.length).toBeLessThanOrEqual(14);
});

test("one with a tight deadline is not taken along into a run that is too slow for it", () => {
  const late = call(1, 1000 + 8);
  expect(compose([...calls(10), late]).taken).not.toContain(late);
});

test("a deadline that cannot be met even alone makes nobody else slow", () => {
  expect(compose([call(1, 1001), ...calls(20)])).toMatchObject({ taken: { length: 21 }, reason: "drained" });
});

test("no limit is ever broken, except by the first alone", () => {
  const candidate = fc.record({
    items: fc.integer({ min: 1, max: 40 }),
    bytes: fc.integer({ min: 1, max: 5000 }),
    deadlineMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1000, max: 1200 })),
  });
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1, maxLength: 60 }), (waiting) => {
      const { taken } = compose(waiting, { ceilingItems: 25 });
      const sum = (field: "items" | "bytes") => taken.reduce((total, one) => total + one[field], 0);
      expect(taken[0]).toBe(waiting[0]);
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.length === 1 || (sum("items") <= 25 && sum("bytes") <= 10_000)).toBe(true);
    }),
  );
});
