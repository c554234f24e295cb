import { expect, test } from "vitest";
import { AdaptiveLimit } from "./adaptive-limit.ts";

/** Answers `rounds` times as many calls as fit, each taking what `latencyMs` says for that many at once. */
function drive(limit: AdaptiveLimit, rounds: number, latencyMs: (atOnce: number) => number): void {
  for (let round = 0; round < rounds; round++) {
    const atOnce = limit.limit;
    for (let call = 0; call < atOnce; call++) limit.answered(latencyMs(atOnce), atOnce);
  }
}

test("a server that stays fast is sent more, up to the maximum", () => {
  const limit = new AdaptiveLimit({ maximum: 60 });
  drive(limit, 200, () => 10);
  expect(limit.limit).toBe(60);
});

test("a server of eight places, whose latency grows with its queue, is not sent hundreds", () => {
  const limit = new AdaptiveLimit();
  drive(limit, 20, () => 10);
  drive(limit, 300, (atOnce) => 10 * Math.max(1, (atOnce / 8) ** 2));
  expect(limit.limit).toBeLessThan(60);
  expect(limit.limit).toBeGreaterThanOrEqual(2);
});

test("seven dropped calls halve it, and it never falls below the minimum", () => {
  const limit = new AdaptiveLimit({ initial: 20, minimum: 3 });
  for (let call = 0; call < 7; call++) limit.dropped();
  expect(limit.limit).toBeLessThanOrEqual(10);
  for (let call = 0; call < 50; call++) limit.dropped();
  expect(limit.limit).toBe(3);
});

test("calls of an idle server teach nothing about how much it takes", () => {
  const limit = new AdaptiveLimit({ initial: 40 });
  for (let call = 0; call < 100; call++) limit.answered(10, 1);
  expect(limit.limit).toBe(40);
});

test("it begins within its bounds", () => {
  expect(new AdaptiveLimit({ maximum: 4 }).limit).toBe(4);
});
