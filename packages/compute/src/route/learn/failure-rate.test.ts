import { seededRandom } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { learnFailure, noFailures, predictFailure, type FailureRate } from "./failure-rate.ts";

/** Learns outcomes 20 ms apart; true is a failure. */
function learn(rate: FailureRate, outcomes: readonly boolean[], fromMs = 0): FailureRate {
  return outcomes.reduce((known, failed, index) => learnFailure(known, failed, fromMs + index * 20), rate);
}

const all = (count: number, failed: boolean) => Array.from({ length: count }, () => failed);

describe("failure rate", () => {
  test("of a pool that dies after a long healthy life is seen after three calls", () => {
    const healthy = learn(noFailures(0), all(2000, false));
    expect(predictFailure(healthy, 40_000).probability).toBeLessThan(0.005);
    expect(predictFailure(learn(healthy, all(3, true), 40_000), 40_060).probability).toBeGreaterThan(0.25);
  });

  test("of one call in twenty is told from a dead pool", () => {
    const random = seededRandom(2);
    const grey = learn(
      noFailures(0),
      Array.from({ length: 600 }, () => random.chance(0.05)),
    );
    expect(predictFailure(grey, 12_000).probability).toBeGreaterThan(0.02);
    expect(predictFailure(grey, 12_000).probability).toBeLessThan(0.15);
  });

  test("is forgotten while nobody looks, so that a pool gets another chance", () => {
    const dead = learn(noFailures(0), all(10, true));
    expect(predictFailure(dead, 200).probability).toBeGreaterThan(0.4);
    expect(predictFailure(dead, 300_000).probability).toBeLessThan(0.02);
  });

  test("of an arm begins with that of its pool", () => {
    expect(predictFailure(noFailures(0), 0, 0.3).probability).toBeCloseTo(0.3);
  });
});
