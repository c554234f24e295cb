import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { createMemoryLog } from "../../test/host-kit.ts";
import { createPowerMeters, type PoweredPool } from "./open-power.ts";

const cpu: PoweredPool = { device: "cpu", deviceKind: "cpu", slots: 1, declaredWatts: undefined };

/** Meters of a machine that has none. */
function meters() {
  const clock = createFakeClock();
  const absent = "/nonexistent";
  const log = createMemoryLog();
  return {
    clock,
    power: createPowerMeters({ clock, idleClock: clock, log, nvidia: { command: absent }, rapl: { folder: absent } }),
  };
}

test("a processor without counters is estimated by its threads", async () => {
  const { clock, power } = meters();
  const energy = await power.energyOf(cpu);
  expect({ source: energy.source, slot: energy.slotPower }).toEqual({
    source: "estimated",
    slot: { watts: 3.5, basis: "estimated" },
  });
  const end = energy.begin();
  await clock.advance(2000);
  expect(end(0)).toEqual({ joules: 7, basis: "estimated" });
});

test("what an operator declares goes before an estimate", async () => {
  const energy = await meters().power.energyOf({ ...cpu, declaredWatts: 20 });
  expect(energy.slotPower).toEqual({ watts: 20, basis: "declared" });
});

test("more slots than threads share the threads' power", async () => {
  const energy = await meters().power.energyOf({ ...cpu, slots: 1000 });
  expect(energy.slotPower?.watts).toBeLessThan(3.5);
});

test("of what nobody declares and nothing measures there is no number", async () => {
  const energy = await meters().power.energyOf({ ...cpu, device: "triton", deviceKind: "remote" });
  expect({ source: energy.source, slot: energy.slotPower, run: energy.begin()(1) }).toEqual({
    source: undefined,
    slot: undefined,
    run: undefined,
  });
});
