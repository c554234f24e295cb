import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hectaresOf } from "../area/geodesic-area.ts";
import type { Grid } from "../grid/grid.ts";
import { findAlerts, type FindAlertsOptions } from "./find-alerts.ts";
import { changesOf, degreeGrid } from "./alerts.fixture.ts";

const grid: Grid = degreeGrid(12, 10);
const options: FindAlertsOptions = {
  grid,
  toLonLat: (x, y) => [x, y],
  task: "deforestation",
  batch: "b1",
};
const picture = fc.array(fc.constantFrom(...". . s c c".split(" ")), { minLength: 120, maxLength: 120 });
const found = (states: string, more: Partial<FindAlertsOptions> = {}) =>
  findAlerts([changesOf("harmonic", states)], { ...options, ...more });

describe("findAlerts", () => {
  it("gives every changed pixel to exactly one alert, and their area to the hectare", () => {
    fc.assert(
      fc.property(picture, fc.constantFrom(4 as const, 8 as const), (states, connectivity) => {
        const alerts = found(states.join(""), { connectivity });
        const changed = states.filter((state) => state !== ".").length;
        expect(alerts.reduce((sum, { properties }) => sum + properties.pixels, 0)).toBe(changed);
        for (const { geometry, properties } of alerts) {
          const months = properties.months.reduce((sum, { hectares }) => sum + hectares, 0);
          expect(months).toBeCloseTo(properties.areaHectares, 4);
          expect(hectaresOf(geometry)).toBeCloseTo(properties.areaHectares, 5);
        }
        // One degree of latitude apart pixels differ in size; within these ten rows of 0.0001 degrees they do not.
        const pixelHectares = hectaresOf(found(`c${".".repeat(119)}`)[0]!.geometry);
        const total = alerts.reduce((sum, { properties }) => sum + properties.areaHectares, 0);
        expect(Math.abs(total - changed * pixelHectares)).toBeLessThan(1e-4 * Math.max(1, total));
      }),
      { numRuns: 200 },
    );
  });
});
