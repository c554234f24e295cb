import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ComputePlane, createPortableHost } from "@stargate/kernel";
import { createTestContext, seededRandom } from "@stargate/kernel/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOnnxPlane } from "../../../../../test/support/onnx-plane.ts";
import { brightnessModel, SMOOTHING_PIXELS, smoothingModel } from "../../../../../test/support/segment-models.ts";
import type { Grid } from "../grid/grid.ts";
import type { Raster, RasterValues } from "../modalities/raster/raster-schema.ts";
import { openBand } from "../read/open-band.ts";
import { satellite } from "../satellite-adapter.ts";
import { segmentModelSchema } from "./segment-options.ts";
import { createSegmentTransform } from "./segment-transform.ts";

const signal = new AbortController().signal;
const grid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 465_180, 0, -10, 5_080_250],
  widthPixels: 150,
  heightPixels: 110,
};
/** What one pixel of the smoothing model's answer sees on each side. */
const REACH = (SMOOTHING_PIXELS - 1) / 2;

let folder: string;
let plane: ReturnType<typeof createOnnxPlane>;
let runs: (readonly number[])[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-segment-"));
  await writeFile(join(folder, "smoothing.onnx"), smoothingModel());
  await writeFile(join(folder, "classification.onnx"), brightnessModel());
  plane = createOnnxPlane({
    "satellite-segmentation": { file: join(folder, "smoothing.onnx") },
    classification: { file: join(folder, "classification.onnx") },
  });
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Waves and noise around the mean, and a hole that a cloud hides. */
function values(shift = 0): Float32Array<ArrayBuffer> {
  const { widthPixels, heightPixels } = grid;
  const random = seededRandom(11);
  const noise = Float32Array.from({ length: 400 * heightPixels }, () => random.next());
  return Float32Array.from({ length: widthPixels * heightPixels }, (_, pixel) => {
    const column = (pixel % widthPixels) + shift;
    const row = Math.floor(pixel / widthPixels);
    if (column >= 70 && column < 78 && row >= 50 && row < 60) return Number.NaN;
    return 0.3 + 0.2 * Math.sin(column / 9) * Math.cos(row / 7) + 0.1 * ((noise[row * 400 + column] ?? 0) - 0.5);
  });
}

const sceneOf = (numbers: RasterValues): Raster => ({
  id: "scene",
  product: "other",
  bands: [{ name: "ndvi", holds: "index", sample: 0, grid, source: { kind: "values", values: numbers } }],
});

interface Asked {
  readonly model?: object;
  readonly output?: "classes" | "probabilities";
  readonly scene?: Raster;
  readonly compute?: ComputePlane;
}

async function segment({ model = {}, output = "classes", scene = sceneOf(values()), compute }: Asked = {}) {
  runs = [];
  const transform = createSegmentTransform(
    segmentModelSchema.parse({
      model: join(folder, "smoothing.onnx"),
      bands: ["ndvi"],
      classes: ["bare", "green"],
      tilePixels: 64,
      overlapPixels: 16,
      normalise: { mean: [0.3], std: [0.1] },
      ...model,
    }),
  );
  const counted: ComputePlane = {
    run(call) {
      runs.push(call.inputs["input"]?.shape ?? []);
      return plane.run(call);
    },
    assets: () => Promise.resolve({}),
  };
  const host = createPortableHost({ compute: compute ?? counted });
  const { context, recorded } = createTestContext(transform, { host, options: { output, mask: "none" } });
  const raster = await transform.run(scene, context);
  const bands = await Promise.all(
    raster.bands.map(async (band) => {
      const opened = await openBand(band, { fetch: host.fetch, offload: host.offload, signal });
      return { band, opened, numbers: await opened.readWindow({ column: 0, row: 0, ...size(opened.grid) }) };
    }),
  );
  return { bands, recorded };
}

const size = ({ widthPixels, heightPixels }: Grid) => ({ widthPixels, heightPixels });
/** One tile larger than the scene. */
const untiled = { tilePixels: 256, overlapPixels: 0 };

/** The mean of the model's 5 x 5 pixels, computed here; what is hidden is the mean of the band, as is what lies outside. */
function expectedMean(numbers: Float32Array, column: number, row: number): number {
  let sum = 0;
  for (let y = row - REACH; y <= row + REACH; y++)
    for (let x = column - REACH; x <= column + REACH; x++) {
      const isInside = x >= 0 && y >= 0 && x < grid.widthPixels && y < grid.heightPixels;
      const value = isInside ? (numbers[y * grid.widthPixels + x] ?? Number.NaN) : Number.NaN;
      sum += Number.isNaN(value) ? 0 : (value - 0.3) / 0.1;
    }
  return sum / SMOOTHING_PIXELS ** 2;
}

describe("segmenting a scene with a real model", () => {
  test("gives the classes that the model's arithmetic gives, 255 where nothing was observed", async () => {
    const { bands, recorded } = await segment();
    const numbers = values();
    const wrong = [...numbers].filter((value, pixel) => {
      const mean = expectedMean(numbers, pixel % grid.widthPixels, Math.floor(pixel / grid.widthPixels));
      const wanted = Number.isNaN(value) ? 255 : mean > 0 ? 1 : 0;
      // On the border between two classes rounding decides.
      return Math.abs(mean) > 1e-4 && bands[0]?.numbers[pixel] !== wanted;
    });
    expect(wrong).toEqual([]);
    expect(bands[0]?.opened).toMatchObject({ dtype: "uint8", nodata: 255, grid: { ...grid } });
    expect(recorded.coverage.at(-1)).toMatchObject({ done: 16_420, of: 16_500 });
    expect(recorded.facts).toMatchObject({ model: "satellite-segmentation", tiles: 6, classes: ["bare", "green"] });
  });

  test("shows no seams: probabilities of tiles are those of the whole", async () => {
    const tiled = await segment({ output: "probabilities" });
    const whole = await segment({ output: "probabilities", model: untiled });
    expect(tiled.bands.map(({ band }) => band.name)).toEqual(["bare", "green"]);
    for (const [index, { numbers }] of tiled.bands.entries()) {
      const differences = Array.from(numbers, (value, pixel) =>
        Math.abs(value - (whole.bands[index]?.numbers[pixel] ?? 9)),
      );
      // The model's reach lies within the outer quarter of the overlap, which does not count.
      expect(Math.max(...differences.filter((one) => !Number.isNaN(one)))).toBeLessThan(1e-5);
      expect(differences.filter(Number.isNaN)).toHaveLength(80);
    }
  });

  test("moves with the scene: what is shifted by some pixels is answered the same", async () => {
    const shift = 7;
    const here = (await segment({ output: "probabilities" })).bands[1]?.numbers ?? [];
    const there = (await segment({ output: "probabilities", scene: sceneOf(values(shift)) })).bands[1]?.numbers ?? [];
    let largest = 0;
    for (let row = REACH; row < grid.heightPixels - REACH; row++)
      for (let column = REACH; column < grid.widthPixels - shift - REACH; column++) {
        const one = here[row * grid.widthPixels + column + shift] ?? Number.NaN;
        const other = there[row * grid.widthPixels + column] ?? Number.NaN;
        expect(Number.isNaN(one)).toBe(Number.isNaN(other));
        if (!Number.isNaN(one)) largest = Math.max(largest, Math.abs(one - other));
      }
    expect(largest).toBeLessThan(1e-5);
  });

  test("asks in batches, and not about tiles where nothing was observed", async () => {
    await segment({ model: { batchTiles: 2 } });
    expect(runs.map(([tiles]) => tiles ?? 0).toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2]);
    const hidden = values().fill(Number.NaN, 0, 64 * grid.widthPixels);
    const { recorded } = await segment({ scene: sceneOf(hidden) });
    expect(recorded.facts).toMatchObject({ tiles: 3 });
  });

  test("takes one answer for a whole tile, and a single class as this or not", async () => {
    const half = values().map((_, pixel) => (pixel % grid.widthPixels < 75 ? 0.1 : 0.9));
    const model = { model: { id: "classification" }, classes: ["green"], overlapPixels: 0, tilePixels: 25 };
    const { bands } = await segment({ model, scene: sceneOf(half) });
    const row = Array.from(bands[0]?.numbers.subarray(0, grid.widthPixels) ?? []);
    expect(row).toEqual(row.map((_, column) => (column < 75 ? 0 : 1)));
  });
});

describe("segmenting that cannot be", () => {
  test("names what came and what was wanted when the model is another than was declared", async () => {
    await expect(segment({ model: { classes: ["a", "b", "c"] } })).rejects.toMatchObject({
      code: "SG_SATELLITE_SEGMENT",
      message: expect.stringMatching(/3 x 2 x 64 x 64; wanted are float32 3 x 3 x 64 x 64 or 3 x 3/) as string,
    });
    await expect(segment({ model: { output: "logits" } })).rejects.toMatchObject({ code: "SG_SATELLITE_SEGMENT" });
  });

  test("refuses a band that is not there, and options that contradict themselves", async () => {
    await expect(segment({ model: { bands: ["nir"], normalise: undefined } })).rejects.toMatchObject({
      code: "SG_SATELLITE_BAND",
    });
    const model = { model: "/models/land-cover.onnx", bands: ["red"], classes: ["a"] };
    expect(() => satellite({ segment: { ...model, overlapPixels: 200 } })).toThrowError(/overlapPixels/);
    expect(() => satellite({ segment: { ...model, normalise: { mean: [1, 2], std: [1] } } })).toThrowError(/mean/);
  });

  test("is not offered without a model; with one the adapter declares it", () => {
    expect(satellite().transforms?.map(({ id }) => id)).not.toContain("satellite.segment");
    const adapter = satellite({ segment: { model: "/models/land cover.onnx", bands: ["red"], classes: ["a"] } });
    expect(adapter.transforms?.map(({ id }) => id)).toContain("satellite.segment");
    expect(adapter.models?.[0]?.variants[0]?.files[0]).toMatchObject({
      name: "land cover.onnx",
      urls: [pathToFileURL("/models/land cover.onnx").href],
    });
  });
});
