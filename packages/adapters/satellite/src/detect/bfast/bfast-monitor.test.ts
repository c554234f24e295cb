import fc from "fast-check";
import { expect, test } from "vitest";
import { harmonicBasis } from "../harmonic/harmonic-basis.ts";
import { day, noise, seasons, tenDays, window } from "../harmonic/season.fixture.ts";
import { changeStates } from "../pixel-changes.ts";
import { monitorBfast } from "./bfast-monitor.ts";
import { bfastOptionsSchema } from "./bfast-options.ts";
import { createRecursiveFit } from "./recursive-fit.ts";

const options = bfastOptionsSchema.parse({});

type Rows = readonly (readonly number[])[];

/** Solves X'X b = right by elimination: the definition, as slow as it is. */
function solveNormal(rows: Rows, right: readonly number[]): number[] {
  const size = right.length;
  const system = right.map((value, left) => [
    ...right.map((_, other) => rows.reduce((sum, row) => sum + row[left]! * row[other]!, 0)),
    value,
  ]);
  for (let pivot = 0; pivot < size; pivot++)
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = system[row]![pivot]! / system[pivot]![pivot]!;
      for (let column = pivot; column <= size; column++) system[row]![column]! -= factor * system[pivot]![column]!;
    }
  return system.map((row, index) => row[size]! / row[index]!);
}

function leastSquares(rows: Rows, values: readonly number[]): number[] {
  const right = rows[0]!.map((_, term) => rows.reduce((sum, row, index) => sum + row[term]! * values[index]!, 0));
  return solveNormal(rows, right);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one, index) => sum + one * b[index]!, 0);

test("recursive residuals are what the observations before foretold, in units of its uncertainty", () => {
  const { rows, size } = harmonicBasis(tenDays, { harmonics: 1, trend: true }, day("2021-01-01"));
  const next = noise(5);
  const values = Array.from(tenDays, () => next());
  const row = (date: number): number[] => Array.from(rows.subarray(date * size, (date + 1) * size));
  const fit = createRecursiveFit(size);
  for (let date = 0; date < 60; date++) {
    const residual = fit.add(rows, date * size, values[date]!);
    if (date < size + 8) continue;
    const before = Array.from({ length: date }, (_, index) => row(index));
    const expected = dot(row(date), leastSquares(before, values.slice(0, date)));
    const variance = 1 + dot(row(date), solveNormal(before, row(date)));
    expect(residual).toBeCloseTo((values[date]! - expected) / Math.sqrt(variance), 7);
  }
});

test("a stable series is left alone, and false alarms are about as rare as the level says", () => {
  const plain = { ...options, harmonics: 1, trend: false };
  const changes = monitorBfast(seasons(400, undefined, { seed: 11 }), window, plain);
  const alarms = changes.states.filter((state) => state === changeStates.confirmed).length;
  expect(alarms / 400).toBeLessThan(0.1);
  const strict = monitorBfast(seasons(400, undefined, { seed: 11 }), window, { ...plain, level: 0.001 });
  expect(strict.states.filter((state) => state === changeStates.confirmed).length).toBeLessThanOrEqual(4);
});

test("the history begins after what broke it, when it is looked at backwards", () => {
  const felled = seasons(1, (at) => (at < day("2020-01-10") ? 0.5 : 0));
  const all = monitorBfast(felled, window, { ...options, history: "all" });
  const stable = monitorBfast(felled, window, { ...options, harmonics: 1, trend: false });
  expect(stable.states[0]).toBe(changeStates.stable);
  expect(Math.abs(all.magnitudes[0]!)).toBeGreaterThan(2 * Math.abs(stable.magnitudes[0]!));
});

test("pixels with less history than a moving sum and the terms need are unobserved", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), (kept) => {
      const series = seasons(1);
      const history = tenDays.findIndex((at) => at >= window.monitorFromDay);
      series.values.fill(Number.NaN, 0, history - kept);
      const state = monitorBfast(series, window, { ...options, history: "all" }).states[0];
      // Order 3 and trend: 8 terms; a quarter of the history makes a sum of two from 8 observations on.
      expect(state === changeStates.unobserved).toBe(kept <= 9);
    }),
  );
});

test("the direction is minded: growth is no loss", () => {
  const grown = seasons(1, (at) => (at >= day("2021-04-01") ? 0.4 : 0));
  expect(monitorBfast(grown, window, { ...options, direction: "loss" }).states[0]).toBe(changeStates.stable);
  expect(monitorBfast(grown, window, options).states[0]).toBe(changeStates.confirmed);
});
