import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { DevicePower } from "./device-power.ts";
import { PoolEnergy } from "./pool-energy.ts";
import type { PowerListener } from "./power-meter.ts";

/** A pool on a device whose meter says what a test says. */
function metered() {
  const clock = createFakeClock();
  let listener: PowerListener | undefined;
  const meter = { source: "test", start: (given: PowerListener) => void (listener = given), stop: () => undefined };
  const device = new DevicePower(clock, meter, () => 5);
  const energy = new PoolEnergy({ clock, device, assumed: { watts: 5, basis: "estimated" } });
  return {
    clock,
    energy,
    read: (joules: number) => listener?.reading(joules),
    lose: () => listener?.lost(),
  };
}

test("a run that was measured from beginning to end says so", async () => {
  const { clock, energy, read } = metered();
  read(0);
  const first = energy.begin();
  await clock.advance(1000);
  read(50);
  first(990);
  const second = energy.begin();
  await clock.advance(1000);
  read(100);
  expect(second(990)?.basis).toBe("measured");
  expect(energy.slotPower).toEqual({ watts: 50, basis: "measured" });
  expect(energy.source).toBe("test");
});

test("where the meter was lost on the way, or is silent, energy is what is assumed", async () => {
  const { clock, energy, read, lose } = metered();
  read(0);
  const run = energy.begin();
  await clock.advance(1000);
  lose();
  expect(run(0)).toEqual({ joules: 5, basis: "estimated" });
  read(60);
  const silent = energy.begin();
  await clock.advance(10_000);
  expect(silent(4000)).toEqual({ joules: 20, basis: "estimated" });
  expect(energy.source).toBe("estimated");
});
