import type { Clock } from "@stargate/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnergyLedger, type LedgerRun } from "./energy-ledger.ts";

const STEP_MS = 5;
const READ_MS = 200;

/** A device with a counter that is read five times a second, on a clock that moves in steps of 5 ms. */
function device(watts: (runs: number, ms: number) => number, assumedWatts = 10) {
  let nowMs = 0;
  let counter = 1234;
  const active = new Set<LedgerRun>();
  const clock: Clock = { nowMs: () => nowMs, epochMs: () => nowMs, timer: () => () => undefined };
  const ledger = new EnergyLedger(clock, (runs) => assumedWatts * runs);
  ledger.read(counter);
  const one = {
    ledger,
    /** Sum of the energies of runs that have ended. */
    attributed: 0,
    /** What the device has drawn. */
    drawn: 0,
    begin(): LedgerRun {
      const run = ledger.begin();
      active.add(run);
      return run;
    },
    end(run: LedgerRun): number {
      active.delete(run);
      const joules = ledger.end(run);
      one.attributed += joules;
      return joules;
    },
    pass(ms: number): void {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        nowMs += STEP_MS;
        const joules = (watts(active.size, nowMs) * STEP_MS) / 1000;
        counter += joules;
        one.drawn += joules;
        if (nowMs % READ_MS === 0) ledger.read(counter);
      }
    },
    run(ms: number): number {
      const run = one.begin();
      one.pass(ms);
      return one.end(run);
    },
  };
  return one;
}

const difference = (a: number, b: number): number => Math.abs(a - b) / b;

describe("the energies of runs", () => {
  test("sum up to the energy of the device within 1 %, however its power swings", () => {
    const swinging = device((_, ms) => 100 + 50 * Math.sin(ms / 700));
    const lanes = [35, 60, 145].map((ms) => ({ ms, run: swinging.begin() }));
    for (let passed = STEP_MS; passed <= 60_000; passed += STEP_MS) {
      swinging.pass(STEP_MS);
      for (const lane of lanes) {
        if (passed % lane.ms !== 0) continue;
        swinging.end(lane.run);
        lane.run = swinging.begin();
      }
    }
    for (const { run } of lanes) swinging.end(run);
    expect(difference(swinging.attributed, swinging.drawn)).toBeLessThan(0.01);
  });

  test("sum up to the energy of the device while it was busy, whatever comes when", () => {
    const load = fc.array(
      fc.record({ runMs: fc.integer({ min: 1, max: 100 }), idle: fc.integer({ min: 0, max: 20 }) }),
      {
        minLength: 150,
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(load, fc.integer({ min: 50, max: 400 }), (runs, busyWatts) => {
        const one = device((active) => (active === 0 ? 30 : busyWatts));
        one.pass(1000); // seen idle
        for (const { runMs, idle } of runs) {
          one.run(runMs * STEP_MS);
          if (idle > 15) one.pass(idle * STEP_MS);
        }
        const { busy } = one.ledger.joules;
        expect(difference(one.attributed, busy)).toBeLessThan(0.01);
      }),
      { numRuns: 30 },
    );
  });

  test("are the time-weighted shares of runs that overlap", () => {
    const steady = device(() => 100);
    steady.run(10_000);
    const long = steady.begin();
    steady.pass(500);
    const short = steady.begin();
    steady.pass(500);
    const shortJoules = steady.end(short);
    steady.pass(1000);
    const longJoules = steady.end(long);
    expect(difference(shortJoules, 25)).toBeLessThan(0.01);
    expect(difference(longJoules, 50 + 25 + 100)).toBeLessThan(0.01);
  });

  test("are what is assumed until the counter has been read, and what was wrong is made good", () => {
    const one = device(() => 100, 10);
    expect(one.run(100)).toBeCloseTo(1, 6);
    for (let index = 0; index < 60; index++) one.run(100);
    expect(difference(one.attributed, one.drawn)).toBeLessThan(0.01);
  });

  test("are at least what the device draws when it is idle, where nothing else is known", () => {
    const one = device((active) => (active === 0 ? 60 : 200), 0);
    one.pass(1000);
    expect(one.run(100)).toBeCloseTo(6, 6);
  });

  test("are never negative, even when far too much was charged before", () => {
    const one = device(() => 1, 1000);
    const joules = Array.from({ length: 300 }, () => one.run(50));
    expect(Math.min(...joules)).toBeGreaterThan(0);
  });
});

describe("energy that nobody used", () => {
  test("is kept apart, and nothing is lost", () => {
    const one = device((active) => (active === 0 ? 40 : 90));
    for (let index = 0; index < 40; index++) {
      one.run(330);
      one.pass(470);
    }
    const { busy, idle } = one.ledger.joules;
    expect(busy + idle).toBeCloseTo(one.drawn, 6);
    expect(difference(idle, (40 * 40 * 470) / 1000)).toBeLessThan(0.05);
  });

  test("of a counter that was set back is not invented", () => {
    const one = device(() => 50);
    one.run(1000);
    one.ledger.read(0);
    one.ledger.read(1);
    expect(one.ledger.joules.busy).toBeLessThan(52);
  });
});

test("what a busy slot draws is learned for the router", () => {
  const one = device((active) => 20 + 40 * active);
  const [left, right] = [one.begin(), one.begin()];
  one.pass(5000);
  const power = one.ledger.busyPower;
  expect((power?.watts ?? 0) / (power?.runs ?? 1)).toBeCloseTo(50, 1);
  one.end(left);
  one.end(right);
});
