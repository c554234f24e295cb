import type { Log } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { arm } from "../route/arms.fixture.ts";
import { createWarmUps } from "./warm-ups.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

test("a model is loaded once, and again only after a while", async () => {
  const clock = createFakeClock();
  const loads: string[] = [];
  const warmUps = createWarmUps({
    clock,
    log,
    load: async ({ id }) => {
      loads.push(id);
      if (loads.length === 2) throw new DOMException("no memory");
    },
  });
  const consider = async (afterMs: number) => {
    await clock.advance(afterMs);
    warmUps.consider(arm("a"));
    warmUps.consider(arm("a"));
    await clock.advance(0);
    return loads.length;
  };
  expect(await consider(0)).toBe(1);
  expect(await consider(29_999)).toBe(1);
  expect(await consider(1)).toBe(2);
  expect(await consider(30_000)).toBe(3);
});

test("closing gives up what is being loaded, and nothing is begun after", async () => {
  const given: AbortSignal[] = [];
  const warmUps = createWarmUps({
    clock: createFakeClock(),
    log,
    load: (_, signal) => {
      given.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error)); // a DOMException
      });
    },
  });
  warmUps.consider(arm("a"));
  await warmUps.close();
  expect(given[0]?.aborted).toBe(true);
  warmUps.consider(arm("b"));
  expect(given).toHaveLength(1);
});
