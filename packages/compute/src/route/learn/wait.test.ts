import { describe, expect, test } from "vitest";
import { learnWait, noWaits, predictWait, type WaitKnown } from "./wait.ts";

const learn = (count: number, wait: Parameters<typeof learnWait>[1], from = noWaits): WaitKnown =>
  Array.from({ length: count }).reduce<WaitKnown>((known) => learnWait(known, wait), from);

describe("a wait", () => {
  test("is what a fresh report lets expect", () => {
    expect(predictWait(noWaits, { expectedMs: 40, ageMs: 0 }).meanMs).toBe(40);
  });

  test("is the mean of late where nobody reports, and where reports are old", () => {
    const known = learn(200, { waitedMs: 30, atLeast: false, queue: undefined });
    expect(predictWait(known, undefined).meanMs).toBeCloseTo(30, 0);
    expect(predictWait(known, { expectedMs: 500, ageMs: 60_000 }).meanMs).toBeCloseTo(30, 0);
  });

  test("is longer behind old reports when others were seen to send work meanwhile", () => {
    const known = learn(300, { waitedMs: 80, atLeast: false, queue: { expectedMs: 20, ageMs: 400 } });
    expect(predictWait(known, { expectedMs: 20, ageMs: 400 }).meanMs).toBeGreaterThan(55);
    expect(predictWait(known, { expectedMs: 20, ageMs: 0 }).meanMs).toBe(20);
  });

  test("is less certain where predictions were wrong", () => {
    const good = learn(200, { waitedMs: 20, atLeast: false, queue: { expectedMs: 20, ageMs: 10 } });
    const wrong = learn(200, { waitedMs: 90, atLeast: false, queue: { expectedMs: 20, ageMs: 10 } });
    const now = { expectedMs: 20, ageMs: 10 };
    expect(predictWait(wrong, now).variance).toBeGreaterThan(10 * predictWait(good, now).variance);
  });

  test("that was given up says nothing when it was shorter than expected", () => {
    const queue = { expectedMs: 50, ageMs: 10 };
    expect(learnWait(noWaits, { waitedMs: 10, atLeast: true, queue })).toBe(noWaits);
  });
});
