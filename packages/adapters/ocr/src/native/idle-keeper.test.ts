import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepIdle, letGoOfIdle } from "./idle-keeper.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  letGoOfIdle();
  vi.useRealTimers();
});

test("what is not used again is let go, once, and no timer is left", () => {
  const letGo = vi.fn<() => void>();
  keepIdle(letGo);
  vi.advanceTimersByTime(2000);
  expect(letGo).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(letGo).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is used again stays", () => {
  const letGo = vi.fn<() => void>();
  const use = keepIdle(letGo);
  vi.advanceTimersByTime(2000);
  use();
  vi.advanceTimersByTime(10_000);
  expect(letGo).not.toHaveBeenCalled();
});

test("many things share one timer, and can be let go at once", () => {
  const letGo = vi.fn<() => void>();
  for (let count = 0; count < 5; count++) keepIdle(letGo);
  expect(vi.getTimerCount()).toBe(1);
  letGoOfIdle();
  expect(letGo).toHaveBeenCalledTimes(5);
  expect(vi.getTimerCount()).toBe(0);
});
