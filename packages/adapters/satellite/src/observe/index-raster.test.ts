import { createPortableHost } from "@stargate/kernel";
import { createTestContext, seededRandom } from "@stargate/kernel/testing";
import { describe, expect, it } from "vitest";
import { windowGrid } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { openBand } from "../read/open-band.ts";
import { openScene, type OpenScene } from "../read/open-scene.ts";
import { makeTiff } from "../read/testing-support/make-tiff.ts";
import { indexRaster } from "./index-raster.ts";
import { indexTransform } from "./observe-transforms.ts";
import { planBlocks } from "./plan-blocks.ts";

const host = createPortableHost();
const { context } = createTestContext(indexTransform, { host });
const reading = { fetch: host.fetch, offload: host.offload, signal: context.signal };
const grid: Grid = {
  crs: "EPSG:32633",
  affine: [10, 0, 399_960, 0, -10, 5_100_000],
  widthPixels: 1300,
  heightPixels: 700,
};
const NODATA = 0;

/** Red and near infrared in DEFLATE tiles, with holes, and classes of clouds on pixels twice as large. */
function scene(tile: readonly [number, number]): Raster {
  const random = seededRandom(5);
  const { widthPixels, heightPixels } = grid;
  const numbers = () =>
    Uint16Array.from({ length: widthPixels * heightPixels }, () => (random.next() < 0.01 ? NODATA : 200 + 4000 * random.next())); // prettier-ignore
  const file = (samples: ArrayLike<number>, on: Grid, dtype: "uint16" | "uint8", tiles: readonly [number, number]) =>
    ({
      kind: "file",
      blob: makeTiff({ ...on, dtype, samples: [samples], grid: on, compression: "deflate", predictor: 2, tile: tiles, nodata: String(NODATA) }), // prettier-ignore
    }) as const;
  const coarse: Grid = { ...grid, affine: [20, 0, 399_960, 0, -20, 5_100_000], widthPixels: 650, heightPixels: 350 };
  const classes = Uint8Array.from({ length: 650 * 350 }, () => (random.next() < 0.2 ? 9 : 4));
  return {
    id: "S2A_33TVM_20210610_0_L2A",
    product: "sentinel-2-l2a",
    bands: [
      { name: "red", holds: "reflectance", sample: 0, source: file(numbers(), grid, "uint16", tile) },
      { name: "nir", holds: "reflectance", sample: 0, source: file(numbers(), grid, "uint16", [256, 256]) },
      { name: "scl", holds: "classes", sample: 0, source: file(classes, coarse, "uint8", [256, 256]) },
    ],
  };
}

const open = (raster: Raster, mask: "auto" | "none") =>
  openScene(raster, { bands: ["nir", "red"], task: "vegetation", mask, radiometry: { scale: 0.0001, offset: 0.01 } }, reading); // prettier-ignore

async function indexOf(opened: OpenScene, target: Grid, inside?: Uint8Array) {
  const made = await indexRaster(opened, { index: "ndvi", grid: target, inside, compression: "none" }, context);
  const [band] = made.raster.bands;
  if (band === undefined) throw new RangeError("no band");
  const { widthPixels, heightPixels } = target;
  const values = await (await openBand(band, reading)).readWindow({ column: 0, row: 0, widthPixels, heightPixels });
  return { ...made, values };
}

/** By the way that resamples and masks on the calling thread. */
async function expectedIndex(opened: OpenScene, target: Grid): Promise<number[]> {
  const { bands } = await opened.read(target);
  const [nir, red] = [bands["nir"] ?? [], bands["red"] ?? []];
  return Array.from(nir, (value, pixel) => (value - (red[pixel] ?? 0)) / (value + (red[pixel] ?? 0)));
}

function largestDifference(values: ArrayLike<number>, wanted: readonly number[]): number {
  let largest = 0;
  for (const [pixel, value] of wanted.entries()) {
    const found = values[pixel] ?? 0;
    if (Number.isFinite(value) !== Number.isFinite(found)) return Infinity;

    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(found - value));
  }
  return largest;
}

describe("an index of a whole scene", () => {
  it.each([
    ["tiles of 512", [512, 512]],
    ["tiles that fit to nothing", [208, 48]],
  ] as const)("is what reading and computing separately give: %s", async (_, tile) => {
    for (const mask of ["none", "auto"] as const) {
      const opened = await open(scene(tile), mask);
      const { values, observedPixels } = await indexOf(opened, grid);
      const wanted = await expectedIndex(opened, grid);
      expect(largestDifference(values, wanted)).toBeLessThan(1e-6);
      expect(observedPixels).toBe(wanted.filter(Number.isFinite).length);
    }
  });

  it("is the same on a part of its pixels, beside it, and where only some are wanted", async () => {
    const opened = await open(scene([512, 512]), "auto");
    const part = windowGrid(grid, { column: 37, row: 19, widthPixels: 500, heightPixels: 300 });
    expect(largestDifference((await indexOf(opened, part)).values, await expectedIndex(opened, part))).toBeLessThan(
      1e-6,
    );
    const beyond = windowGrid(grid, { column: -40, row: 600, widthPixels: 300, heightPixels: 200 });
    expect(largestDifference((await indexOf(opened, beyond)).values, await expectedIndex(opened, beyond))).toBeLessThan(1e-6); // prettier-ignore
    const inside = Uint8Array.from({ length: 500 * 300 }, (_, pixel) => (pixel % 3 === 0 ? 1 : 0));
    const some = await indexOf(opened, part, inside);
    expect(some.wantedPixels).toBe(50_000);
    expect(some.values.findIndex((value, pixel) => pixel % 3 !== 0 && !Number.isNaN(value))).toBe(-1);
  });
});

describe("blocks of a scene", () => {
  const bandsOf = (...chunks: readonly (readonly [number, number])[]) =>
    ({ bands: chunks.map(([widthPixels, heightPixels]) => ({ open: { chunks: { widthPixels, heightPixels } } })) }) as unknown as OpenScene; // prettier-ignore

  it("begin where tiles of the result and pieces of the files begin, and cover every pixel once", () => {
    const tile: Grid = { ...grid, widthPixels: 10_980, heightPixels: 10_980 };
    for (const [bands, height, width] of [
      [bandsOf([512, 512]), 512, 1024],
      [bandsOf([1024, 1024], [256, 256]), 1024, 1024],
      [bandsOf([10_980, 1]), 256, 11_008],
      [bandsOf([10_980, 10_980]), 2048, 11_008],
      [bandsOf(), 256, 2048],
    ] as const) {
      const rows = planBlocks(tile, bands);
      expect(rows[0]?.[0]).toMatchObject({
        column: 0,
        row: 0,
        widthPixels: Math.min(width, 10_980),
        heightPixels: height,
      });
      const pixels = rows.flat().reduce((sum, block) => sum + block.widthPixels * block.heightPixels, 0);
      expect(pixels).toBe(10_980 ** 2);
    }
  });
});
