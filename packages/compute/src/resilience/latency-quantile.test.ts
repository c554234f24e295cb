import { seededRandom } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { LatencyQuantile } from "./latency-quantile.ts";

test("quantiles of log-normal durations are at most a tenth too long, and never too short", () => {
  const { next: random } = seededRandom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = Array.from({ length: 500 }, () => 20 * Math.exp(0.4 * normal()));
  const sketch = new LatencyQuantile();
  for (const value of values) sketch.observe(value);
  const sorted = values.toSorted((a, b) => a - b);
  for (const quantile of [0.5, 0.9, 0.95, 0.99]) {
    const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
    expect(sketch.at(quantile)).toBeGreaterThanOrEqual(exact);
    expect(sketch.at(quantile)).toBeLessThan(exact * 1.1 + 1e-9);
  }
});

test("what is new outweighs what is old", () => {
  const sketch = new LatencyQuantile();
  for (let index = 0; index < 2000; index++) sketch.observe(10);
  for (let index = 0; index < 2000; index++) sketch.observe(100);
  expect(sketch.at(0.5)).toBeGreaterThan(90);
});

test("nothing is known before the first observation", () => {
  expect(new LatencyQuantile().at(0.95)).toBeUndefined();
});
