import { describe, expect, it } from "vitest";
import { isSupportedCrs, projectionBetween } from "./crs.ts";

/**
 * Places by PROJ 9.5.1, the library behind gdaltransform:
 * `pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude, latitude)`.
 */
const byProj: readonly (readonly [string, readonly [number, number], readonly [number, number]])[] = [
  ["EPSG:3857", [14.5, 46.05], [1614132.6165, 5788365.3789]],
  ["EPSG:3857", [-122.4, -37.7], [-13625505.6731, -4537132.13]],
  ["EPSG:32633", [14.5, 46.05], [461318.7484, 5099724.3725]],
  ["EPSG:32633", [11.2, 0.5], [76858.7631, 55387.624]],
  ["EPSG:32633", [18.3, 71], [619858.1409, 7880661.4759]],
  ["EPSG:32733", [14.5, -33.9], [453771.8237, 6248819.2302]],
  ["EPSG:32601", [-179.5, 65], [382132.3918, 7210785.6295]],
  ["EPSG:32760", [179.3, -17.8], [743810.6394, 8030444.9322]],
  ["EPSG:32629", [-11.4, 24.9], [257574.9673, 2756013.5426]],
  ["EPSG:5070", [-96.5, 39.2], [-42782.8028, 1797438.7187]],
  ["EPSG:5070", [-122.3, 47.6], [-1965840.7759, 3007788.1563]],
  ["EPSG:5070", [-80.9, 25.3], [1531288.1323, 372878.124]],
  ["EPSG:3035", [14.5, 46.05], [4669458.5335, 2559101.3231]],
  ["EPSG:3035", [-9.1, 38.7], [2668283.4406, 1943501.0236]],
  ["EPSG:3035", [25, 69], [4922273.913, 5162709.0612]],
  ["EPSG:6933", [14.5, 46.05], [1399051.0636, 5274590.4806]],
  ["EPSG:6933", [-60, -3.1], [-5789176.8151, -395289.4307]],
];

describe("projections", () => {
  it.each(byProj)("agree with PROJ within a millimetre: %s at %o", (crs, [longitude, latitude], [x, y]) => {
    const there = projectionBetween("EPSG:4326", crs)(longitude, latitude);
    expect(Math.hypot(there[0] - x, there[1] - y)).toBeLessThan(0.001);
    const back = projectionBetween(crs, "EPSG:4326")(...there);
    expect(Math.hypot(back[0] - longitude, back[1] - latitude)).toBeLessThan(1e-8);
  });

  it("lead from any supported system to any other", () => {
    const systems = [...new Set(byProj.map(([crs]) => crs)), "EPSG:4326"];
    const [x, y] = projectionBetween("EPSG:4326", "EPSG:3035")(14.5, 46.05);
    const far = projectionBetween("EPSG:3035", "EPSG:32633")(x, y);
    expect(Math.hypot(far[0] - 461318.7484, far[1] - 5099724.3725)).toBeLessThan(0.001);
    for (const from of systems) expect(projectionBetween(from, from)(1, 2)).toEqual([1, 2]);
  });

  it("are refused for systems that were not checked, with those that were", () => {
    for (const crs of ["EPSG:2154", "EPSG:32600", "EPSG:32661", "EPSG:32761", "ESRI:54009", "nonsense"]) {
      expect(isSupportedCrs(crs)).toBe(false);
      expect(() => projectionBetween(crs, "EPSG:4326")).toThrow(/is not supported; supported are EPSG:4326, 3857/);
    }
  });

  it("give no place for what is none", () => {
    expect(projectionBetween("EPSG:32633", "EPSG:4326")(Number.NaN, 1)).toEqual([Number.NaN, Number.NaN]);
  });
});
