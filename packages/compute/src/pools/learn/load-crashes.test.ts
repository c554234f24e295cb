import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { LoadCrashes } from "./load-crashes.ts";

const crash = async (times: number, { othersWork = false } = {}) => {
  const clock = createFakeClock();
  const crashes = new LoadCrashes(clock);
  const pauses: number[] = [];
  for (let time = 0; time < times; time++) {
    crashes.add("m");
    pauses.push(crashes.pauseMs("m", othersWork));
    await clock.advance(pauses.at(-1) ?? 0);
  }
  return { clock, crashes, pauses };
};

test("two hosts may end over a model; then it is left alone for ever longer", async () => {
  const { pauses } = await crash(9, { othersWork: true });
  expect(pauses).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]);
});

test("where nothing else works it is tried every few seconds, as it may be the device", async () => {
  const { pauses } = await crash(7);
  expect(pauses).toEqual([0, 0, 1000, 2000, 4000, 4000, 4000]);
});

test("when the pause is over it may be tried, and nothing is held against it once it was loaded", async () => {
  const { crashes } = await crash(5);
  expect(crashes.pauseMs("m", true)).toBe(0);
  crashes.clear("m");
  crashes.add("m");
  expect(crashes.pauseMs("m", true)).toBe(0);
});

test("ends are forgotten after five minutes, and are nothing to other models", async () => {
  const { clock, crashes } = await crash(3);
  expect(crashes.pauseMs("other", true)).toBe(0);
  await clock.advance(300_000);
  crashes.add("m");
  expect(crashes.pauseMs("m", true)).toBe(0);
});
