import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "@stargate/kernel/testing";
import { LatencyModel } from "./latency-model.ts";

test("fixed and per-item time are found from runs of different size", () => {
  const model = new LatencyModel();
  const random = seededRandom(5);
  for (let run = 0; run < 200; run++) {
    const items = random.integer(1, 32);
    model.observe(items, (4 + 0.3 * items) * (0.95 + 0.1 * random.next()));
  }
  expect(model.fixedMs).toBeGreaterThan(3.6);
  expect(model.fixedMs).toBeLessThan(4.4);
  expect(model.perItemMs).toBeCloseTo(0.3, 1);
  expect(model.predict(64)).toBeGreaterThan(20);
  expect(model.predict(64)).toBeLessThan(27);
});

test("as long as all runs have the same size, half of the time is taken to grow with the items", () => {
  const model = new LatencyModel();
  for (let run = 0; run < 50; run++) model.observe(1, 4);
  expect(model.predict(1)).toBeCloseTo(4);
  expect(model.predict(10)).toBeCloseTo(22);
  expect(model.itemsWithin(22)).toBe(10);
});

test("what is new outweighs what is old", () => {
  const model = new LatencyModel();
  for (let run = 0; run < 500; run++) model.observe(1 + (run % 8), 10);
  for (let run = 0; run < 200; run++) model.observe(1 + (run % 8), 100);
  expect(model.predict(4)).toBeGreaterThan(95);
});

test("the tail is wider for times that vary more", () => {
  const steady = new LatencyModel();
  const jittery = new LatencyModel();
  for (let run = 0; run < 300; run++) {
    steady.observe(4, 10);
    jittery.observe(4, run % 10 === 0 ? 40 : 7);
  }
  expect(steady.predictTail(4)).toBeLessThan(12);
  expect(jittery.predictTail(4)).toBeGreaterThan(30);
});

test("predictions are never negative and grow with the items, whatever was seen", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 128 }), fc.double({ min: 0, max: 1e6, noNaN: true }))),
      (runs) => {
        const model = new LatencyModel();
        for (const [items, ms] of runs) model.observe(items, ms);
        expect(model.fixedMs).toBeGreaterThanOrEqual(0);
        expect(model.predict(2)).toBeGreaterThanOrEqual(model.predict(1));
        expect(model.predictTail(3)).toBeGreaterThanOrEqual(model.predict(3));
        expect(Number.isFinite(model.predictTail(3))).toBe(true);
      },
    ),
  );
});
