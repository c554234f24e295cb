import fc from "fast-check";
import { expect, test } from "vitest";
import type { PixelSeries } from "../series/pixel-series.ts";
import { detectChanges } from "./detect-task.ts";
import { type Detector, detectorSchema } from "./detector-options.ts";
import { day, seasons, tenDays, window } from "./harmonic/season.fixture.ts";
import { changeStates, type PixelChanges } from "./pixel-changes.ts";

const detectors: readonly (readonly [string, Detector])[] = [
  ["harmonic", detectorSchema.parse({ name: "harmonic" })],
  [
    "harmonic, plain",
    detectorSchema.parse({ name: "harmonic", robust: "none", seasonalNoise: false, evidence: "consecutive" }),
  ],
  ["harmonic, Tukey", detectorSchema.parse({ name: "harmonic", robust: "tukey", direction: "both" })],
  // The whole history: now and then the reverse-ordered CUSUM leaves too little of it to foretell anything.
  ["BFAST-monitor", detectorSchema.parse({ name: "bfast-monitor", direction: "loss", history: "all" })],
  ["extremes", detectorSchema.parse({ name: "extremes" })],
];

function run(series: PixelSeries, detector: Detector): PixelChanges {
  const context = { signal: new AbortController().signal, progress: () => undefined, transfer: () => undefined };
  return detectChanges({ series, window, detector }, context);
}

/** Numbers of changes, rounded so that the order of sums does not show. */
function rounded(changes: PixelChanges): Record<string, number[]> {
  const round = (values: ArrayLike<number>): number[] => Array.from(values, (value) => Number(value.toFixed(5)));
  return {
    states: round(changes.states),
    firstDays: round(changes.firstDays),
    confirmedDays: round(changes.confirmedDays),
    magnitudes: round(changes.magnitudes),
    confidences: round(changes.confidences),
    clear: round(changes.clearObservations),
  };
}

const changeDay = fc.integer({ min: day("2021-03-01"), max: day("2021-08-01") });

test.each(detectors)("%s: a step is found by its date, soon, and in its size", (_, detector) => {
  fc.assert(
    fc.property(fc.integer(), changeDay, fc.double({ min: 0.3, max: 0.6, noNaN: true }), (seed, at, size) => {
      // A false alarm before the step would hide it: such noise says nothing about steps.
      fc.pre(run(seasons(2, undefined, { seed }), detector).states[0] === changeStates.stable);
      const changes = run(
        seasons(2, (today, pixel) => (pixel === 0 && today >= at ? -size : 0), { seed }),
        detector,
      );
      expect(changes.states[0]).toBe(changeStates.confirmed);
      const after = tenDays.filter((today) => today >= at);
      expect(after.indexOf(changes.confirmedDays[0]!)).toBeGreaterThanOrEqual(0);
      expect(after.indexOf(changes.confirmedDays[0]!)).toBeLessThanOrEqual(5);
      // Of the whole watched time in BFAST-monitor, which a late step hardly moves; of what followed it in the others.
      const least = detector.name === "bfast-monitor" ? 0.05 : -0.15;
      expect(changes.magnitudes[0]).toBeLessThan(least);
      expect(changes.confidences[0]).toBeGreaterThan(0.9);
    }),
    { numRuns: 25 },
  );
});

test.each(detectors)("%s: dates on which nothing was seen change nothing", (_, detector) => {
  fc.assert(
    fc.property(fc.integer(), changeDay, (seed, at) => {
      const series = seasons(3, (today, pixel) => (today >= at ? -0.15 * pixel : 0), { seed });
      const days = Float64Array.from([...series.days, ...series.days.map((today) => today + 4)]).toSorted();
      const values = new Float32Array(3 * days.length).fill(Number.NaN);
      for (const [date, today] of series.days.entries())
        for (let pixel = 0; pixel < 3; pixel++)
          values[pixel * days.length + days.indexOf(today)] = series.values[pixel * series.days.length + date]!;
      expect(run({ days, values, pixels: 3 }, detector)).toEqual(run(series, detector));
    }),
    { numRuns: 15 },
  );
});

test.each(detectors)("%s: the order of pixels does not matter", (_, detector) => {
  const series = seasons(6, (today, pixel) => (today >= day("2021-05-01") ? -0.08 * pixel : 0), { seed: 3 });
  const dates = series.days.length;
  const reversed = Float32Array.from(series.values);
  for (let pixel = 0; pixel < 6; pixel++)
    reversed.set(series.values.subarray(pixel * dates, (pixel + 1) * dates), (5 - pixel) * dates);
  const there = rounded(run(series, detector));
  const back = rounded(run({ ...series, values: reversed }, detector));
  for (const [name, values] of Object.entries(back)) expect(values.toReversed()).toEqual(there[name]);
});

test.each(detectors)(
  "%s: another unit of the index gives the same dates and magnitudes in that unit",
  (_, detector) => {
    fc.assert(
      fc.property(fc.integer(), changeDay, fc.constantFrom(0.5, 2, 64), (seed, at, scale) => {
        const series = seasons(2, (today, pixel) => (pixel === 0 && today >= at ? -0.5 : 0), { seed });
        const scaled = { ...series, values: series.values.map((value) => scale * value + 8 * scale) };
        const own: Detector = {
          ...detector,
          ...(detector.name === "harmonic" ? { sigmaFloor: detector.sigmaFloor * scale } : {}),
          ...(detector.name === "extremes" ? { margin: detector.margin * scale } : {}),
        };
        const [before, after] = [run(series, detector), run(scaled, own)];
        expect(after.states[0]).toBe(before.states[0]);
        expect(after.confirmedDays[0]).toBe(before.confirmedDays[0]);
        expect(after.magnitudes[0]! / scale).toBeCloseTo(before.magnitudes[0]!, 3);
      }),
      { numRuns: 15 },
    );
  },
);

test.each(detectors)("%s: a pixel never seen is unobserved", (_, detector) => {
  const series = seasons(2);
  series.values.fill(Number.NaN, 0, series.days.length);
  const { states, clearObservations } = run(series, detector);
  expect([...states]).toEqual([changeStates.unobserved, changeStates.stable]);
  expect(clearObservations[0]).toBe(0);
});

test.each(detectors)("%s: an infinite value, such as a ratio over zero, is no observation", (_, detector) => {
  const series = seasons(2, (today, pixel) => (pixel === 0 && today >= day("2021-05-01") ? -0.4 : 0));
  const hidden = { ...series, values: series.values.map((value, at) => (at % 9 === 4 ? Number.NaN : value)) };
  const infinite = { ...series, values: hidden.values.map((value) => (Number.isNaN(value) ? Infinity : value)) };
  expect(run(infinite, detector)).toEqual(run(hidden, detector));
});
