import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { createCallBudget } from "./call-budget.ts";

test("a share of the calls may be extra, and no more", () => {
  const budget = createCallBudget({ clock: createFakeClock(), share: 0.1, minimum: 0 });
  for (let call = 0; call < 100; call++) budget.call();
  expect(Array.from({ length: 20 }, () => budget.take()).filter(Boolean)).toHaveLength(10);
});

test("a quiet gateway may take the minimum", () => {
  const budget = createCallBudget({ clock: createFakeClock(), share: 0.1, minimum: 3 });
  budget.call();
  expect([budget.take(), budget.take(), budget.take(), budget.take()]).toEqual([true, true, true, false]);
});

test("what lies a window back counts no more, neither calls nor extras", async () => {
  const clock = createFakeClock();
  const budget = createCallBudget({ clock, share: 0.5, minimum: 1, windowMs: 1000 });
  for (let call = 0; call < 10; call++) budget.call();
  expect(Array.from({ length: 9 }, () => budget.take()).filter(Boolean)).toHaveLength(5);
  await clock.advance(2000);
  expect([budget.take(), budget.take()]).toEqual([true, false]);
});
