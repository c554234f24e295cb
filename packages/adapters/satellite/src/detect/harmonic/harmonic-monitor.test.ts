import { expect, test } from "vitest";
import { changeStates } from "../pixel-changes.ts";
import { monitorHarmonic } from "./harmonic-monitor.ts";
import { harmonicOptionsSchema } from "./harmonic-options.ts";
import { day, seasons, tenDays, window } from "./season.fixture.ts";

const options = harmonicOptionsSchema.parse({});
const cleared = day("2021-06-05");

test("a wood that stays is stable, one that is felled is confirmed with its date and size", () => {
  const series = seasons(2, (at, pixel) => (pixel === 1 && at >= cleared ? -0.4 : 0));
  const changes = monitorHarmonic(series, window, options);
  expect([...changes.states]).toEqual([changeStates.stable, changeStates.confirmed]);
  const after = tenDays.filter((at) => at >= cleared);
  expect(changes.firstDays[1]).toBe(after[0]);
  expect(changes.confirmedDays[1]).toBe(after[2]);
  expect(changes.magnitudes[1]).toBeCloseTo(-0.4, 1);
  expect(changes.confidences[1]).toBeGreaterThan(0.95);
  expect([...changes.firstDays.slice(0, 1), ...changes.confirmedDays.slice(0, 1)]).toEqual([NaN, NaN]);
});

test("a single low observation is no change", () => {
  const series = seasons(1, (at) => (Math.abs(at - cleared) < 5 ? -0.5 : 0));
  expect(monitorHarmonic(series, window, options).confirmedDays[0]).toBeNaN();
});

test("too little history, or none of the watched time seen, is unobserved and not stable", () => {
  const short = { ...window, historyFromDay: day("2020-06-01") };
  expect(monitorHarmonic(seasons(1), short, options).states[0]).toBe(changeStates.unobserved);
  const clouded = seasons(1);
  for (const [date, at] of tenDays.entries()) if (at >= window.monitorFromDay) clouded.values[date] = NaN;
  const changes = monitorHarmonic(clouded, window, options);
  expect([changes.states[0], changes.clearObservations[0]]).toEqual([changeStates.unobserved, 0]);
});

test("gain is found when asked for, and only then", () => {
  const grown = seasons(1, (at) => (at >= cleared ? 0.3 : 0));
  expect(monitorHarmonic(grown, window, options).states[0]).toBe(changeStates.stable);
  const both = monitorHarmonic(grown, window, { ...options, direction: "both" });
  expect(both.states[0]).toBe(changeStates.confirmed);
  expect(both.magnitudes[0]).toBeCloseTo(0.3, 1);
});

test("confidence falls back when the series returns", () => {
  const stays = monitorHarmonic(
    seasons(1, (at) => (at >= cleared ? -0.4 : 0)),
    window,
    options,
  );
  const returns = monitorHarmonic(
    seasons(1, (at) => (at >= cleared && at < cleared + 60 ? -0.4 : 0)),
    window,
    options,
  );
  expect(returns.states[0]).toBe(changeStates.confirmed);
  expect(returns.confidences[0]).toBeLessThan(0.2);
  expect(stays.confidences[0]).toBeGreaterThan(0.95);
});

test("a series whose values do not fit its dates is refused", () => {
  const series = seasons(1);
  expect(() => monitorHarmonic({ ...series, pixels: 2 }, window, options)).toThrow(/2 pixels x 110 dates/);
  const double = tenDays.slice();
  double[1] = double[0]!;
  expect(() => monitorHarmonic({ ...series, days: double }, window, options)).toThrow(/do not ascend/);
  expect(() => monitorHarmonic(series, { ...window, monitorFromDay: 0 }, options)).toThrow(/out of order/);
});
