import { describe, expect, it } from "vitest";
import { degreeGrid } from "../alerts/alerts.fixture.ts";
import { dayOfDate } from "../series/dates.ts";
import { ablationSeason, seasonYear } from "./ablation-season.ts";
import { iceStates, persistentIce } from "./persistent-ice.ts";
import { snowAreas, snowAreaTable } from "./snow-area.ts";
import { snowLine } from "./snow-line.ts";
import { snowStatesOf } from "./snow-states.ts";

const drawn: Readonly<Record<string, number>> = { "?": 0, ".": 1, s: 2 };
const states = (picture: string): Uint8Array => Uint8Array.from(picture.split(""), (state) => drawn[state] ?? 0);
const on = (date: string, picture: string) => ({ day: dayOfDate(date), states: states(picture) });

describe("snow", () => {
  it("is bright in green, dark in short-wave infrared and no water; clouds and missing numbers are unobserved", () => {
    const found = snowStatesOf(
      {
        //               snow  rock  lake  cloud missing
        green: Float32Array.of(0.8, 0.2, 0.1, 0.8, Number.NaN),
        swir16: Float32Array.of(0.1, 0.3, 0.01, 0.1, 0.1),
        nir: Float32Array.of(0.7, 0.3, 0.05, 0.7, 0.7),
      },
      Uint8Array.of(1, 1, 1, 0, 1),
    );
    expect([...found]).toEqual([2, 1, 1, 0, 0]);
  });
});

describe("snow area", () => {
  const hectares = Float64Array.of(1, 1, 1, 1);

  it("keeps apart what was not seen from what has melted", () => {
    const areas = snowAreas([on("2020-08-01", "ss.?"), on("2020-08-11", "?..?"), on("2020-08-21", "s..?")], {
      hectares,
    });
    expect(areas.map(({ leastHectares, mostHectares }) => [leastHectares, mostHectares])).toEqual([
      [2, 3],
      [0, 2],
      [1, 2],
    ]);
    // The first pixel is snow before and after; the last, never seen, is like the rest.
    expect(areas.map(({ estimateHectares }) => estimateHectares)).toEqual(
      [2 + 2 / 3, 1 + 1 / 3, 1 + 1 / 3].map((area) => expect.closeTo(area, 3) as unknown),
    );
    expect(areas[1]).toMatchObject({ observedHectares: 2, unobservedHectares: 2 });
  });

  it("weighs what was seen before and after by how long ago", () => {
    const [, hidden] = snowAreas([on("2020-08-01", "s"), on("2020-08-04", "?"), on("2020-08-13", ".")], {
      hectares: Float64Array.of(1),
    });
    expect(hidden?.estimateHectares).toBeCloseTo(0.75, 6);
  });

  it("estimates nothing from nothing, nor from long ago", () => {
    const areas = snowAreas([on("2020-06-01", "ssss"), on("2020-08-11", "????")], { hectares });
    expect(snowAreaTable(areas)).toEqual({
      columns: ["date", "observedHectares", "unobservedHectares", "leastHectares", "mostHectares", "estimateHectares"],
      rows: [
        ["2020-06-01", 4, 0, 4, 4, 4],
        ["2020-08-11", 0, 4, 0, 4, null],
      ],
    });
  });
});

describe("melting season", () => {
  it("ends in September in the north and in March in the south", () => {
    expect(
      ["2020-07-31", "2020-08-01", "2020-09-15", "2020-09-16"].map((date) =>
        seasonYear(dayOfDate(date), ablationSeason(46)),
      ),
    ).toEqual([undefined, 2020, 2020, undefined]);
    expect(["2020-02-01", "2020-08-10"].map((date) => seasonYear(dayOfDate(date), ablationSeason(-50)))).toEqual([
      2020,
      undefined,
    ]);
    const overNewYear = { from: "12-15", to: "01-31" };
    expect(["2020-12-20", "2021-01-10", "2021-02-10"].map((date) => seasonYear(dayOfDate(date), overNewYear))).toEqual([
      2020,
      2020,
      undefined,
    ]);
  });
});

describe("persistent ice", () => {
  const grid = degreeGrid(3, 1);
  const options = {
    grid,
    toLonLat: (x: number, y: number) => [x, y] as const,
    season: ablationSeason(46),
    minimumHectares: 0,
  };
  const summers = (count: number, picture: string) =>
    Array.from({ length: count }, (_, year) => on(`${2016 + year}-08-20`, picture));

  it("takes five late summers, and says so while it has fewer", () => {
    const four = persistentIce(summers(4, "s.?"), options);
    expect([...four.states]).toEqual([iceStates.provisional, iceStates.noIce, iceStates.unobserved]);
    expect(four.isProvisional).toBe(true);
    expect(four.places.features.map(({ properties }) => properties?.["provisional"])).toEqual([true]);
    const five = persistentIce(summers(5, "s.?"), options);
    expect([...five.states]).toEqual([iceStates.persistent, iceStates.noIce, iceStates.unobserved]);
    expect(five.isProvisional).toBe(false);
  });

  it("is no snow of spring, and no patch that one summer left", () => {
    const spring = Array.from({ length: 5 }, (_, year) => on(`${2016 + year}-05-20`, "sss"));
    const oneLate = [...summers(4, "s.."), on("2020-08-20", "sss")];
    expect([...persistentIce([...spring, ...oneLate], options).states]).toEqual([3, 1, 1]);
  });

  it("gives the ice of every year with what was not seen", () => {
    const { years } = persistentIce([on("2019-08-20", "ss."), on("2020-08-20", "s.?")], options);
    const pixel = 0.0086;
    expect(years.columns).toEqual(["year", "iceHectares", "observedHectares", "unobservedHectares"]);
    expect(years.rows).toEqual([
      [2019, expect.closeTo(2 * pixel, 3), expect.closeTo(3 * pixel, 3), 0],
      [2020, expect.closeTo(pixel, 3), expect.closeTo(2 * pixel, 3), expect.closeTo(pixel, 3)],
    ]);
  });
});

describe("snow line", () => {
  /** A slope from 1000 to 2000 m, 100 pixels for every 10 m. */
  const elevations = Float32Array.from({ length: 10_000 }, (_, pixel) => 1000 + Math.floor(pixel / 100) * 10 + 5);
  const slope = (isSnow: (altitude: number, pixel: number) => boolean) =>
    Uint8Array.from(elevations, (altitude, pixel) => (isSnow(altitude, pixel) ? 2 : 1));

  it("lies where half of the ground is white", () => {
    const found = snowLine(
      slope((altitude) => altitude > 1500),
      { elevations },
    );
    expect(found).toEqual({ altitudeMetres: 1500, uncertaintyMetres: 24, observedPixels: 10_000, pixels: 10_000 });
  });

  it("is as uncertain as the mixture is wide", () => {
    const found = snowLine(
      slope((altitude, pixel) => (altitude - 1300) / 400 > (pixel % 100) / 100),
      { elevations },
    );
    expect(found.altitudeMetres).toBeGreaterThan(1490);
    expect(found.altitudeMetres).toBeLessThan(1510);
    expect("uncertaintyMetres" in found && found.uncertaintyMetres).toBeCloseTo(100, -1);
  });

  it("is not moved by a patch in a valley or a rock face on top, nor by a cloud", () => {
    const white = slope((altitude) => (altitude > 1500 && !(altitude > 1700 && altitude < 1730)) || altitude < 1035);
    const cloudy = white.map((state, pixel) => (pixel % 3 === 0 ? 0 : state));
    // A metre above: the pooled share of the valley counts as ground below the line.
    const altitudeMetres: unknown = expect.closeTo(1500, -1);
    expect(snowLine(cloudy, { elevations })).toMatchObject({ altitudeMetres, observedPixels: 6666, pixels: 10_000 });
  });

  it("is not invented where everything is white, nothing is, or nobody could look", () => {
    const reasons = [slope(() => true), slope(() => false), new Uint8Array(10_000)].map((seen) =>
      snowLine(seen, { elevations }),
    );
    expect(reasons).toEqual([
      { altitudeMetres: null, reason: "all-snow", observedPixels: 10_000, pixels: 10_000 },
      { altitudeMetres: null, reason: "no-snow", observedPixels: 10_000, pixels: 10_000 },
      { altitudeMetres: null, reason: "too-few-observed", observedPixels: 0, pixels: 10_000 },
    ]);
  });
});
