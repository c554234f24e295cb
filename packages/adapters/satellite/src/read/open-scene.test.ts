import { createPortableHost } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import type { Grid } from "../grid/grid.ts";
import { projectionBetween } from "../grid/crs.ts";
import type { Raster, RasterBand } from "../modalities/raster/raster-schema.ts";
import { openScene, type OpenScene, type OpenSceneOptions } from "./open-scene.ts";
import { makeTiff } from "./testing-support/make-tiff.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };
const fine: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 500_000, 0, -10, 5_000_000],
  widthPixels: 80,
  heightPixels: 80,
};
const coarse: Grid = { ...fine, affine: [20, 0, 500_000, 0, -20, 5_000_000], widthPixels: 40, heightPixels: 40 };

/** Land with shadows in one corner, as digital numbers of a baseline: what every band shows, brightness apart. */
const land = (grid: Grid, brightness: number, added: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: grid.widthPixels * grid.heightPixels }, (_, index) => {
    const x = (index % grid.widthPixels) / grid.widthPixels;
    const y = Math.floor(index / grid.widthPixels) / grid.heightPixels;
    return added + (x < 0.2 && y < 0.2 ? 150 + 100 * x : brightness + 300 * x);
  });

function bandOf(name: string, grid: Grid, values: Uint16Array<ArrayBuffer>): RasterBand {
  const isClasses = name === "scl";
  const { widthPixels, heightPixels } = grid;
  const blob = makeTiff({
    widthPixels,
    heightPixels,
    dtype: "uint16",
    tile: [32, 32],
    compression: "deflate",
    samples: [values],
    grid,
  });
  return { name, holds: isClasses ? "classes" : "reflectance", sample: 0, nodata: 0, source: { kind: "file", blob } };
}

/** Vegetation, a cloud along the right edge, no data along the lower one. */
const classes = (grid: Grid, cloudFrom = 0.9): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: grid.widthPixels * grid.heightPixels }, (_, index) => {
    if (Math.floor(index / grid.widthPixels) >= grid.heightPixels * 0.9) return 0;
    return (index % grid.widthPixels) / grid.widthPixels >= cloudFrom ? 9 : 4;
  });

function sceneOf({ added = 0, baseline = "02.14", scl = classes(coarse), redGrid = fine } = {}): Raster {
  return {
    id: "scene",
    product: "sentinel-2-l2a",
    acquiredAt: added > 0 ? "2023-06-01T10:00:00Z" : "2020-06-01T10:00:00Z",
    processing: { baseline },
    bands: [
      bandOf("green", fine, land(fine, 800, added)),
      bandOf("red", redGrid, land(redGrid, 600, added)),
      bandOf("nir", fine, land(fine, 3000, added)),
      bandOf("swir16", coarse, land(coarse, 2000, added)),
      bandOf("swir22", coarse, land(coarse, 1200, added)),
      bandOf("scl", coarse, scl),
    ],
  };
}

const open = (raster: Raster, more: Partial<OpenSceneOptions> = {}): Promise<OpenScene> =>
  openScene(raster, { bands: ["red", "nir"], task: "vegetation", ...more }, context);

describe("a scene opened for a task", () => {
  it("gives reflectance of clear pixels, the same whichever way its numbers were written", async () => {
    const written = [await open(sceneOf()), await open(sceneOf({ added: 1000, baseline: "05.09" }))];
    expect(written.map(({ radiometry }) => [radiometry?.offset, radiometry?.confidence])).toEqual([
      [0, 1],
      [-0.1, 1],
    ]);
    const [old, recent] = await Promise.all(written.map((scene) => scene.read(scene.grid)));
    // A cloud over 80 columns from 72 on, in 72 rows that have data.
    expect([old?.observedPixels, old?.clearPixels]).toEqual([80 * 72, 72 * 72]);
    const at = 40 * 80 + 40;
    expect(old?.bands["red"]?.[at]).toBeCloseTo(0.075, 5);
    expect(recent?.bands["red"]?.[at]).toBeCloseTo(0.075, 5);
    expect(old?.bands["nir"]?.[40 * 80 + 75]).toBeNaN();
    expect([old?.states[at], old?.states[40 * 80 + 75], old?.states[75 * 80 + 3]]).toEqual([2, 1, 0]);
  });

  it("decides by pixels where metadata are wrong, and says so", async () => {
    const scene = await open(sceneOf({ added: 1000, baseline: "02.14" }));
    expect(scene.radiometry).toMatchObject({ offset: -0.1, contradictsMetadata: true });
  });

  it("lets shadows speak about radiometry that a glacier's mask leaves out", async () => {
    const scl = classes(coarse).map((code, index) => (index % 40 < 8 && index < 40 * 8 ? 2 : code === 4 ? 11 : code));
    const scene = await open(sceneOf({ added: 1000, baseline: "05.09", scl }), { task: "glacier" });
    expect(scene.radiometry).toMatchObject({ offset: -0.1, confidence: 1 });
    const values = await scene.read(scene.grid);
    expect([values.states[0], values.states[40 * 80 + 40]]).toEqual([1, 2]);
  });

  it("is what the caller says it is, when the caller says so", async () => {
    const told = await open(sceneOf(), { radiometry: { scale: 0.0002, offset: -0.01 } });
    expect(told.radiometry).toMatchObject({
      scale: 0.0002,
      offset: -0.01,
      reading: "told by the caller",
      confidence: 0.5,
    });
    await expect(open(sceneOf(), { radiometry: "as-stated" })).rejects.toThrow(
      /Neither catalogue nor file state a scale/,
    );
  });

  it("brings bands of other systems and resolutions onto one grid, and says so", async () => {
    const [x, y] = projectionBetween("EPSG:32633", "EPSG:32632")(499_900, 5_000_300);
    const redGrid: Grid = { crs: "EPSG:32632", affine: [12, 0, x, 0, -12, y], widthPixels: 120, heightPixels: 120 };
    const scene = await open(sceneOf({ redGrid }), {
      bands: ["red", "nir", "swir22"],
      radiometry: { scale: 0.0001, offset: 0 },
    });
    expect(scene.grid.crs).toBe("EPSG:32633");
    expect(scene.notes).toEqual([
      "bands lie in EPSG:32632 and EPSG:32633",
      "bands have pixels of 12 and 10 and 20 units",
    ]);
    const values = await scene.read(scene.grid);
    expect(values.clearPixels).toBeGreaterThan(4000);
    // Rows and columns of a 20 m band under the same ground.
    expect(values.bands["swir22"]?.[40 * 80 + 40]).toBeCloseTo(0.135, 3);
  });

  it("counts nothing where almost nothing is clear, instead of guessing", async () => {
    const scene = await open(sceneOf({ scl: classes(coarse, 0) }));
    expect(scene.radiometry).toMatchObject({ confidence: 0, reading: "undecided" });
    const values = await scene.read(scene.grid);
    expect([values.observedPixels, values.clearPixels]).toEqual([80 * 72, 0]);
    const unmasked = await open(sceneOf({ scl: classes(coarse, 0) }), { mask: "none" });
    expect((await unmasked.read(unmasked.grid)).clearPixels).toBe(0);
    expect(await unmasked.states(unmasked.grid)).toEqual(new Uint8Array(80 * 80).fill(1));
  });

  it("takes clouds for observations when it is told that there is no mask, but not for evidence", async () => {
    const scene = await open(sceneOf(), { mask: "none" });
    expect(scene.radiometry?.confidence).toBe(1);
    const values = await scene.read(scene.grid);
    expect(values.clearPixels).toBe(80 * 80);
    const { bands, ...rest } = sceneOf();
    const blind = { ...rest, bands: bands.filter(({ name }) => name !== "scl") };
    await expect(open(blind)).rejects.toMatchObject({ code: "SG_SATELLITE_MASK" });
    await expect(open(blind, { mask: "none" })).rejects.toMatchObject({ code: "SG_SATELLITE_RADIOMETRY" });
  });

  it("names the bands it has when one is missing, and lets the narrow near infrared stand in for the wide one", async () => {
    await expect(open(sceneOf(), { bands: ["blue"] })).rejects.toThrow(
      'Scene "scene" has no band "blue"; it has green, red, nir, swir16, swir22, scl',
    );
    const scene = await open(sceneOf(), { bands: ["nir08"] });
    expect(scene.notes).toEqual(['"nir" stands in for "nir08"']);
  });

  it("sees nothing where the target lies elsewhere", async () => {
    const scene = await open(sceneOf());
    const elsewhere = await scene.read({
      crs: "EPSG:4326",
      affine: [0.001, 0, 100, 0, -0.001, 10],
      widthPixels: 5,
      heightPixels: 5,
    });
    expect([elsewhere.observedPixels, elsewhere.clearPixels]).toEqual([0, 0]);
  });
});
