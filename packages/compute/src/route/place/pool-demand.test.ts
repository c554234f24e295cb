import { expect, test } from "vitest";
import { PoolDemand } from "./pool-demand.ts";

function demandOf(requests: number, leastMs: number, remainingMs: number): PoolDemand {
  const demand = new PoolDemand();
  for (let decision = 0; decision < requests; decision++) {
    demand.consider(decision, 4 * leastMs, remainingMs);
    demand.consider(decision, leastMs, remainingMs);
  }
  return demand;
}

test("slots cost nothing before anybody asked, and while nobody waits", () => {
  expect(new PoolDemand().slotPrice(100)).toBe(0);
  expect(demandOf(10, 20, 200).slotPrice(0)).toBe(0);
});

test("slots become dear when the queue nears what those behind can wait", () => {
  const demand = demandOf(100, 20, 200);
  // A usual call in a queue of half a deadline takes more from others than an answer is worth (4).
  expect(20 * demand.slotPrice(10)).toBeLessThan(0.1);
  expect(20 * demand.slotPrice(100)).toBeGreaterThan(3);
});

test("those without a deadline can wait", () => {
  expect(demandOf(100, 20, Number.POSITIVE_INFINITY).slotPrice(1000)).toBe(0);
});

test("those who are late already do not count", () => {
  expect(demandOf(100, 20, 1).slotPrice(1000)).toBe(0);
});
