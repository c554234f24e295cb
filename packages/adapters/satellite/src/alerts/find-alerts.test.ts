import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hectaresOf } from "../area/geodesic-area.ts";
import { crossingOf } from "../area/self-crossing.ts";
import { changeStates } from "../detect/pixel-changes.ts";
import { changesOf, degreeGrid, JULY } from "./alerts.fixture.ts";
import { chipWindow } from "./chip-window.ts";
import { combineChanges } from "./combine-changes.ts";
import { findAlerts, type FindAlertsOptions } from "./find-alerts.ts";

const options: FindAlertsOptions = {
  grid: degreeGrid(12, 10),
  toLonLat: (x, y) => [x, y],
  task: "deforestation",
  batch: "b1",
};
const small = { ...options, grid: degreeGrid(6, 3) };
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

  it("takes pixels that touch with a corner together, or not, as asked; their polygons touch nowhere else", () => {
    const states = "c..... .c.... ......";
    const [whole, ...others] = findAlerts([changesOf("harmonic", states)], small);
    expect(others).toEqual([]);
    expect(whole?.geometry.type).toBe("MultiPolygon");
    expect(whole?.geometry.coordinates).toHaveLength(2);
    const apart = findAlerts([changesOf("harmonic", states)], { ...small, connectivity: 4 });
    expect(apart.map(({ geometry }) => geometry.type)).toEqual(["Polygon", "Polygon"]);
  });

  it("does not go around the earth: the ends of rows are no neighbours", () => {
    expect(
      findAlerts([changesOf("harmonic", "c....c .....c c.....")], small).map(({ properties }) => properties.pixels),
    ).toEqual([1, 2, 1]);
  });

  it("keeps holes, also one that touches the outline in a corner", () => {
    const [ring] = findAlerts([changesOf("harmonic", "ccc... c.c... ccc...")], small);
    expect(ring?.geometry.coordinates).toHaveLength(2);
    const [open] = findAlerts([changesOf("harmonic", "cccc.. c.cc.. cc.c..")], small);
    // The hole and the notch below it meet at a corner of the outline.
    expect(open?.geometry.coordinates.map((line) => line.length)).toEqual([9, 5]);
    expect(open?.properties.pixels).toBe(10);
  });

  it("leaves out what is smaller than asked for, and suspicions when nobody wants them", () => {
    const states = "cc.s.. ...s.. .c....";
    const minimumHectares = 0.01; // a pixel has 0.0086
    const sizes = (more: Partial<FindAlertsOptions>) =>
      findAlerts([changesOf("harmonic", states)], { ...small, connectivity: 4, ...more }).map(
        ({ properties }) => properties.pixels,
      );
    expect([sizes({}), sizes({ minimumHectares }), sizes({ includeSuspected: false })]).toEqual([
      [2, 2, 1],
      [2, 2],
      [2, 1],
    ]);
  });

  it("says how sure it is, since when, by whom, and what was seen", () => {
    const day = (pixel: number): number => JULY + (pixel === 0 ? 31 : 0);
    const days = Float64Array.of(JULY - 20, JULY, JULY + 31.5);
    const values = Float32Array.from({ length: 18 * 3 }, (_, at) => [0.8, at < 3 ? Number.NaN : 0.6, 0.2][at % 3]!);
    const detectors = [
      changesOf("harmonic", "ccs... ...... ......", day),
      changesOf("ccdc", "c..... ...... ......", () => JULY - 1),
    ];
    const [alert] = findAlerts(detectors, {
      ...small,
      series: { days, values, pixels: 18 },
      chipOf: (id) => `/chips/${id}.png`,
    });
    expect(alert).toMatchObject({ id: "20170630-45.999950N-14.500050E" });
    expect(alert?.properties).toMatchObject({
      pixels: 3,
      firstSeen: "2017-06-30",
      confirmed: "2017-07-20",
      confidence: "high",
      confidenceScore: 0.7865,
      clearObservations: 12,
      magnitude: -0.25,
      status: "new",
      chip: "/chips/20170630-45.999950N-14.500050E.png",
      sources: [
        { detector: "harmonic", pixels: 3, firstSeen: "2017-07-01", confirmed: "2017-07-21" },
        { detector: "ccdc", pixels: 1, firstSeen: "2017-06-30", confirmed: "2017-07-20" },
      ],
      evidence: [
        { date: "2017-06-11", mean: 0.8, share: 1 },
        { date: "2017-07-01", mean: 0.6, share: 0.6667 },
        { date: "2017-08-01", mean: 0.2, share: 1 },
      ],
    });
    expect(alert?.properties.months.map(({ month, confidence }) => [month, confidence])).toEqual([
      ["2017-06", "high"],
      ["2017-07", "high"],
      ["2017-07", "low"],
    ]);
  });

  it("reads pixels that are only part of the grid", () => {
    const gridPixels = Uint32Array.of(1, 2, 8, 17);
    const [one, other] = findAlerts([changesOf("harmonic", "ccsc")], { ...small, gridPixels });
    expect([one?.properties.pixels, other?.properties.pixels]).toEqual([3, 1]);
    const [whole] = findAlerts([changesOf("harmonic", ".cc... ..s... ......")], small);
    expect(one).toEqual(whole);
  });

  it("straightens outlines when asked, and keeps their true area", () => {
    const stairs = "c..... cc.... ccc...";
    const [exact] = findAlerts([changesOf("harmonic", stairs)], small);
    const [simple] = findAlerts([changesOf("harmonic", stairs)], { ...small, simplifyPixels: 1 });
    expect([exact?.geometry.coordinates[0]?.length, simple?.geometry.coordinates[0]?.length]).toEqual([9, 5]);
    expect(simple?.properties).toEqual(exact?.properties);
  });

  it("never straightens an outline into itself", () => {
    fc.assert(
      fc.property(picture, (states) => {
        for (const { geometry } of found(states.join(""), { simplifyPixels: 2 })) {
          const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
          expect(polygons.map(crossingOf)).toEqual(polygons.map(() => undefined));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("refuses detectors and series of other sizes", () => {
    expect(() => found("c")).toThrow('Detector "harmonic" looked at 1 pixels; the grid has 120');
    const series = { days: new Float64Array(1), values: new Float32Array(3), pixels: 3 };
    expect(() => found(".".repeat(120), { series })).toThrow("The series has 3 pixels; the grid has 120");
  });
});

describe("several detectors", () => {
  it("confirm what two of them see for certain, from the day of the second", () => {
    const [first, second] = [changesOf("harmonic", "s", () => JULY), changesOf("ccdc", "s", () => JULY + 5)];
    for (const { changes } of [first, second]) changes.confidences[0] = 0.85;
    const together = combineChanges([first, second]);
    expect([together.states[0], together.firstDays[0], together.confirmedDays[0]]).toEqual([
      changeStates.confirmed,
      JULY,
      JULY + 5,
    ]);
  });

  it("are not sure together when one cloud may have fooled both", () => {
    const together = combineChanges([
      changesOf("harmonic", "s s c . ?", () => JULY),
      changesOf("ccdc", "s . s . .", () => JULY + 5),
    ]);
    expect([...together.states]).toEqual([
      changeStates.suspected,
      changeStates.suspected,
      changeStates.confirmed,
      changeStates.stable,
      changeStates.stable,
    ]);
    expect(together.firstDays.slice(0, 3)).toEqual(Float64Array.of(JULY, JULY, JULY));
    expect(together.confirmedDays.slice(0, 3)).toEqual(Float64Array.of(Number.NaN, Number.NaN, JULY + 20));
    expect([...together.confidences]).toEqual([0.75, 0.5, 0.9375, 0, 0]);
    expect([...together.clearObservations]).toEqual([12, 12, 12, 12, 12]);
  });
});

describe("a picture of an alert", () => {
  const grid = degreeGrid(1000, 500);
  const fromLonLat = (x: number, y: number) => [x, y] as const;
  const square = (column: number, row: number, size: number) => {
    const [west, north] = [14.5 + column * 0.0001, 46 - row * 0.0001];
    const [east, south] = [west + size * 0.0001, north - size * 0.0001];
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ] as [number, number][];
    return { geometry: { type: "Polygon" as const, coordinates: [ring] } };
  };

  it("shows as much around it, and enough of a single pixel", () => {
    const options = { grid, fromLonLat };
    expect(chipWindow(square(500, 200, 100), options)).toEqual({
      column: 450,
      row: 150,
      widthPixels: 200,
      heightPixels: 200,
    });
    expect(chipWindow(square(500, 200, 1), options)).toMatchObject({ widthPixels: 64, heightPixels: 64 });
    expect(chipWindow(square(0, 499, 1), options)).toEqual({ column: 0, row: 436, widthPixels: 64, heightPixels: 64 });
    expect(chipWindow(square(0, 0, 2000), options)).toEqual({
      column: 0,
      row: 0,
      widthPixels: 1000,
      heightPixels: 500,
    });
    expect(chipWindow(square(2000, 0, 5), options)).toBeUndefined();
  });
});
