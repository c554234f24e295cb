import { openAsBlob } from "node:fs";
import { createPortableHost } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { sharedFile } from "../../../../../../test/support/shared-files.ts";
import { projectionBetween } from "../../grid/crs.ts";
import { toPlace } from "../../grid/affine.ts";
import type { Grid } from "../../grid/grid.ts";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { openBand, type OpenBand } from "../open-band.ts";
import { readOnto } from "./read-onto.ts";

const { fetch, offload } = createPortableHost();
const signal = new AbortController().signal;
const context = { fetch, offload, signal };
const source: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 500_000, 0, -10, 5_000_000],
  widthPixels: 200,
  heightPixels: 150,
};

const bandOf = (values: RasterValues, grid = source, nodata?: number): Promise<OpenBand> =>
  openBand(
    {
      name: "b",
      holds: "other",
      sample: 0,
      grid,
      source: { kind: "values", values },
      ...(nodata === undefined ? {} : { nodata }),
    },
    context,
  );

/** A picture whose numbers are a plane over the earth, in metres of its own system. */
const plane = (grid: Grid): Float64Array<ArrayBuffer> =>
  Float64Array.from({ length: grid.widthPixels * grid.heightPixels }, (_, index) => {
    const [x, y] = toPlace(grid.affine, (index % grid.widthPixels) + 0.5, Math.floor(index / grid.widthPixels) + 0.5);
    return (x - 500_000) * 3 + (y - 5_000_000);
  });

describe("reading onto another grid", () => {
  it("copies pixels that are the same, NaN for nodata and beyond the edge", async () => {
    const numbers = Uint16Array.from({ length: 200 * 150 }, (_, index) => index % 50_000);
    const band = await bandOf(numbers, source, 3);
    const target: Grid = { ...source, affine: [10, 0, 499_980, 0, -10, 5_000_010], widthPixels: 8, heightPixels: 2 };
    const nothing = Number.NaN;
    expect([...(await readOnto(band, target, { resampling: "bilinear", signal }))]).toEqual([
      ...Array.from({ length: 8 }, () => nothing),
      nothing,
      nothing,
      0,
      1,
      2,
      nothing,
      4,
      5,
    ]);
  });

  it("reprojects a plane to what the plane is there, across systems", async () => {
    const band = await bandOf(plane(source));
    for (const [crs, size] of [
      ["EPSG:4326", 0.0001],
      ["EPSG:3857", 9],
      ["EPSG:3035", 7],
      ["EPSG:32632", 11],
    ] as const) {
      const [x, y] = projectionBetween(source.crs, crs)(500_700, 4_999_400);
      const target: Grid = { crs, affine: [size, 0, x, 0, -size, y], widthPixels: 40, heightPixels: 30 };
      const numbers = await readOnto(band, target, { resampling: "bilinear", signal });
      const back = projectionBetween(crs, source.crs);
      const worst = Math.max(
        ...Array.from(numbers, (value, index) => {
          const [east, north] = back(...toPlace(target.affine, (index % 40) + 0.5, Math.floor(index / 40) + 0.5));
          return Math.abs(value - ((east - 500_000) * 3 + (north - 5_000_000)));
        }),
      );
      // 0.05 pixels of 10 m along a slope of about 4 in a metre.
      expect(worst, crs).toBeLessThan(2.1);
    }
  });

  it("follows the curves of a projection over a whole zone", async () => {
    const zone: Grid = {
      crs: "EPSG:32633",
      affine: [1000, 0, 200_000, 0, -1000, 8_000_000],
      widthPixels: 600,
      heightPixels: 800,
    };
    const band = await bandOf(plane(zone), zone);
    const target: Grid = {
      crs: "EPSG:4326",
      affine: [0.02, 0, 12.5, 0, -0.02, 71.5],
      widthPixels: 250,
      heightPixels: 150,
    };
    const numbers = await readOnto(band, target, { resampling: "bilinear", signal });
    const back = projectionBetween(target.crs, zone.crs);
    const worst = Math.max(
      ...Array.from(numbers, (value, index) => {
        const [east, north] = back(...toPlace(target.affine, (index % 250) + 0.5, Math.floor(index / 250) + 0.5));
        return Math.abs(value - ((east - 500_000) * 3 + (north - 5_000_000)));
      }),
    );
    // 0.05 pixels of 1 km along the slope.
    expect(worst).toBeLessThan(210);
  });

  it("averages onto coarser pixels, by area, and knows half of nothing as nothing", async () => {
    const numbers = Float32Array.from({ length: 200 * 150 }, (_, index) => (index % 4 < 2 ? 1 : 3));
    numbers.fill(-9, 0, 6);
    for (let row = 1; row < 4; row++) numbers.fill(-9, row * 200, row * 200 + 6);
    const band = await bandOf(numbers, source, -9);
    const target: Grid = { ...source, affine: [40, 0, 500_000, 0, -40, 5_000_000], widthPixels: 4, heightPixels: 1 };
    // The second pixel was seen by half: columns 6 and 7 hold 3.
    expect([...(await readOnto(band, target, { resampling: "average", signal }))]).toEqual([Number.NaN, 3, 2, 2]);
  });

  it("takes the weight of what is missing from its neighbours", async () => {
    const numbers = Float32Array.from({ length: 200 * 150 }, () => 5);
    numbers[0] = Number.NaN;
    const band = await bandOf(numbers);
    const target: Grid = { ...source, affine: [10, 0, 500_006, 0, -10, 5_000_000], widthPixels: 1, heightPixels: 1 };
    expect([...(await readOnto(band, target, { resampling: "bilinear", signal }))]).toEqual([5]);
    const missing: Grid = { ...source, affine: [10, 0, 500_004, 0, -10, 5_000_000], widthPixels: 1, heightPixels: 1 };
    expect([...(await readOnto(band, missing, { resampling: "bilinear", signal }))]).toEqual([Number.NaN]);
  });

  it("gives nothing where the target lies elsewhere on the earth", async () => {
    const band = await bandOf(plane(source));
    for (const crs of ["EPSG:4326", "EPSG:32733", "EPSG:3857"]) {
      const target: Grid = { crs, affine: [1, 0, 20, 0, -1, -20], widthPixels: 6, heightPixels: 6 };
      const numbers = await readOnto(band, target, { resampling: "nearest", signal });
      expect(numbers.every(Number.isNaN)).toBe(true);
    }
  });

  it("reprojects a real scene as GDAL's warper does", async (test) => {
    const blob = await openAsBlob(sharedFile(test, "testdata/satellite/s2-l2a-cog/B04.tif"));
    const band = await openBand(
      { name: "red", holds: "reflectance", sample: 0, source: { kind: "file", blob } },
      context,
    );
    const target: Grid = {
      crs: "EPSG:4326",
      affine: [0.001, 0, -11.5, 0, -0.001, 25],
      widthPixels: 200,
      heightPixels: 200,
    };
    const nearest = await readOnto(band, target, { resampling: "nearest", signal });
    const at = (row: number, column: number): number | undefined => nearest[row * 200 + column];
    // rasterio 1.4.4 (GDAL 3.10.3), reproject(..., resampling=nearest) at these rows and columns.
    expect([at(0, 0), at(7, 31), at(100, 66), at(199, 199), at(197, 5)]).toEqual([3410, 3432, 3554, 3231, 3531]);
    const coarse: Grid = { ...target, affine: [0.005, 0, -11.5, 0, -0.005, 25], widthPixels: 40, heightPixels: 40 };
    const average = await readOnto(band, coarse, { resampling: "average", signal });
    for (const [row, column, gdal] of [
      [0, 0, 3421.15],
      [7, 31, 2720.83],
      [20, 13, 3623.77],
      [39, 39, 3192.41],
    ] as const)
      // GDAL counts whole pixels, this reader shares of them.
      expect(Math.abs((average[row * 40 + column] ?? 0) - gdal)).toBeLessThan(10);
  });
});
