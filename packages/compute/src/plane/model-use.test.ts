import { createFakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { scriptedPool } from "../../test/scripted-pool.ts";
import type { PoolResult } from "../pools/pool.ts";
import type { Arm } from "../route/types/arm.ts";
import { priceOf } from "./model-use.ts";

/** One item of four that ran together for two seconds. */
const result: PoolResult = {
  outputs: {},
  device: "cpu",
  deviceKind: "cpu",
  batchItems: 4,
  ownItems: 1,
  queueMs: 7,
  runMs: 2000,
  coldMs: 0,
};
const arm = { price: { usdPerHour: 3.6 } } as Arm; // the field that is looked at
const place = (watts?: number, gramsPerKwh?: number) => ({
  ...scriptedPool("cpu", { clock: createFakeClock(), watts }),
  gramsPerKwh: (hour: number) => (hour === 5 ? gramsPerKwh : undefined),
});

describe("a call costs its share of the run, by items:", () => {
  test("of what was measured of the run, where it was", () => {
    const energy = { joules: 80, basis: "measured" } as const;
    expect(priceOf(arm, place(10), { ...result, energy }, 5)).toEqual({
      usd: 0.0005,
      joules: { value: 20, basis: "measured" },
      carbonGrams: undefined,
    });
  });

  test("of what a busy slot is said to draw, where nothing was", () => {
    expect(priceOf(arm, place(10), result, 5).joules).toEqual({ value: 5, basis: "declared" });
    expect(priceOf(arm, place(), result, 5).joules).toBeUndefined();
  });

  test("and of the carbon of that energy at that hour", () => {
    const energy = { joules: 3.6e6, basis: "measured" } as const;
    expect(priceOf(arm, place(10, 400), { ...result, energy }, 5).carbonGrams).toBe(100);
    expect(priceOf(arm, place(10, 400), { ...result, energy }, 6).carbonGrams).toBeUndefined();
    expect(priceOf(arm, place(undefined, 400), result, 5).carbonGrams).toBeUndefined();
  });
});
