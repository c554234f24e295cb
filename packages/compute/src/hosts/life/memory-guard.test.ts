import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { defaultMemoryCeilingBytes, guardMemory } from "./memory-guard.ts";

test("a host over its ceiling is retired, with the numbers of the first time", async () => {
  const guard = guardMemory(100);
  expect(guard.isOver(100)).toBe(false);
  expect(guard.isOver(101)).toBe(true);
  expect(guard.isOver(140)).toBe(true);
  expect(await guard.retirement).toEqual({ reason: "memory", memoryBytes: 101, ceilingBytes: 100 });
  expect(guard.memoryBytes).toBe(140);
});

test("during a run a host may hold half as much again", () => {
  const guard = guardMemory(100);
  expect([guard.isFarOver(150), guard.isFarOver(151)]).toEqual([false, true]);
});

test("by default it is at most half of the machine", () => {
  expect(defaultMemoryCeilingBytes()).toBeLessThanOrEqual(totalmem() / 2);
  expect(defaultMemoryCeilingBytes()).toBeGreaterThan(0);
});
