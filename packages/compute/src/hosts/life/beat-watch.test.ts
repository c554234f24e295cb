import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { watchBeats } from "./beat-watch.ts";

function watched() {
  const clock = createFakeClock();
  let hung = 0;
  const watch = watchBeats(clock, () => void hung++);
  return { clock, watch, hung: () => hung };
}

test("a host that beats is left alone", async () => {
  const { clock, watch, hung } = watched();
  for (let index = 0; index < 50; index++) {
    watch.beat();
    await clock.advance(200);
  }
  expect(hung()).toBe(0);
});

test("a host that stops beating is reported once, within a second and a half", async () => {
  const { clock, watch, hung } = watched();
  watch.beat();
  await clock.advance(240);
  watch.beat();
  await clock.advance(1250);
  expect(hung()).toBe(0);
  await clock.advance(250);
  expect(hung()).toBe(1);
  await clock.advance(10_000);
  expect(hung()).toBe(1);
});

test("a host that has not come up yet is not missed", async () => {
  const { clock, hung } = watched();
  await clock.advance(10_000);
  expect(hung()).toBe(0);
});

test("while the gateway itself stood still nothing was missed", () => {
  let nowMs = 0;
  let due: () => void = () => undefined;
  let hung = 0;
  const clock = {
    nowMs: () => nowMs,
    epochMs: () => 0,
    timer: (_ms: number, callback: () => void) => ((due = callback), () => undefined),
  };
  const watch = watchBeats(clock, () => void hung++);
  watch.beat();
  for (let index = 0; index < 20; index++) {
    nowMs += 5000;
    due();
  }
  expect(hung).toBe(0);
  for (let index = 0; index < 5; index++) {
    nowMs += 250;
    due();
  }
  expect(hung).toBe(1);
});

test("a watch that was stopped says nothing, even when a late beat arrives", async () => {
  const { clock, watch, hung } = watched();
  watch.beat();
  watch.stop();
  watch.beat();
  await clock.advance(10_000);
  expect([hung(), clock.pendingTimers]).toEqual([0, 0]);
});
