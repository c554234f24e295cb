import { createPortableHost } from "@stargate/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rasterDtypes } from "../../modalities/raster/raster-schema.ts";
import { openBand, type OpenBand } from "../open-band.ts";
import { createRasterValues } from "../raster-arrays.ts";
import { type MadeTiff, makeTiff } from "../testing-support/make-tiff.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };
const grid = { crs: "EPSG:32633", affine: [10, 0, 500_000, 0, -10, 5_000_000] as const } as const;

const open = (blob: Blob, sample = 0): Promise<OpenBand> =>
  openBand({ name: "red", holds: "reflectance", sample, source: { kind: "file", blob } }, context);

/** Numbers with runs, jumps and the ends of their kind. */
function numbers(dtype: (typeof rasterDtypes)[number], length: number, seed: number): ArrayLike<number> {
  const values = createRasterValues(dtype, length);
  const isFloat = dtype.startsWith("float");
  for (let index = 0; index < length; index++) {
    const wave = Math.sin((index + seed) / 7) * 100 + (index % 13 === 0 ? 60_000 : 0);
    values[index] = isFloat ? wave / 3 : Math.round(wave) - (dtype.startsWith("u") ? -100 : 0);
  }
  return values;
}

const layouts = fc.record({
  widthPixels: fc.integer({ min: 1, max: 70 }),
  heightPixels: fc.integer({ min: 1, max: 50 }),
  dtype: fc.constantFrom(...rasterDtypes),
  compression: fc.constantFrom("none", "deflate", "lzw", "zstd", "packbits"),
  predictor: fc.constantFrom(1, 2, 3),
  interleave: fc.constantFrom("pixel", "band"),
  sampleCount: fc.integer({ min: 1, max: 4 }),
  tile: fc.option(fc.constantFrom([16, 16], [32, 16], [64, 64]), { nil: undefined }),
  rowsPerStrip: fc.integer({ min: 1, max: 60 }),
  isBig: fc.boolean(),
  isBigEndian: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
  window: fc.tuple(fc.double({ noNaN: true, min: 0, max: 1 }), fc.double({ noNaN: true, min: 0, max: 1 })),
});

describe("reading a window", () => {
  it("gives what was written, whatever the layout", async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async ({ sampleCount, seed, tile, predictor, window, ...layout }) => {
        const isFloat = layout.dtype.startsWith("float");
        const pixels = layout.widthPixels * layout.heightPixels;
        const made: MadeTiff = {
          ...layout,
          compression: layout.compression as "none", // one of the five
          interleave: layout.interleave as "pixel", // one of the two
          predictor: predictor === 3 && !isFloat ? 2 : predictor === 2 && isFloat ? 1 : (predictor as 1), // as writers may combine them
          ...(tile === undefined ? {} : { tile: [tile[0] ?? 16, tile[1] ?? 16] }),
          samples: Array.from({ length: sampleCount }, (_, sample) => numbers(layout.dtype, pixels, seed + sample)),
          grid,
        };
        const sample = seed % sampleCount;
        const band = await open(makeTiff(made), sample);
        const column = Math.floor(window[0] * (layout.widthPixels - 1));
        const row = Math.floor(window[1] * (layout.heightPixels - 1));
        const [width, height] = [layout.widthPixels - column, Math.ceil((layout.heightPixels - row) / 2)];
        const read = await band.readWindow({ column, row, widthPixels: width, heightPixels: height });
        const wanted = Array.from({ length: width * height }, (_, index) => {
          const at = (row + Math.floor(index / width)) * layout.widthPixels + column + (index % width);
          return made.samples[sample]?.[at];
        });
        expect([band.dtype, [...read]]).toEqual([layout.dtype, wanted]);
      }),
      { numRuns: 120 },
    );
  });

  it("fills chunks that were never written with nodata", async () => {
    const made = { widthPixels: 32, heightPixels: 16, dtype: "uint16", tile: [16, 16], nodata: "9", grid } as const;
    const band = await open(makeTiff({ ...made, missing: [0], samples: [new Uint16Array(512).fill(5)] }));
    expect([...(await band.readWindow({ column: 14, row: 0, widthPixels: 4, heightPixels: 1 }))]).toEqual([9, 9, 5, 5]);
  });

  it("takes every n-th pixel from an overview where there is one", async () => {
    const full = Uint16Array.from({ length: 64 * 64 }, (_, index) => 1000 + (index % 64));
    const half = Uint16Array.from({ length: 32 * 32 }, (_, index) => index % 32);
    const common = { dtype: "uint16", tile: [16, 16], compression: "deflate" } as const;
    const overview = { ...common, widthPixels: 32, heightPixels: 32, samples: [half] };
    const blob = makeTiff({
      ...common,
      widthPixels: 64,
      heightPixels: 64,
      samples: [full],
      grid,
      overviews: [overview],
    });
    const band = await open(blob);
    expect(await band.overviews()).toEqual([{ widthPixels: 32, heightPixels: 32 }]);
    const window = { column: 8, row: 8, widthPixels: 16, heightPixels: 4 };
    expect([...(await band.readWindow(window, { decimate: 2 }))].slice(0, 8)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...(await band.readWindow(window, { decimate: 4 }))]).toEqual([5, 7, 9, 11]);
  });

  it("refuses windows that do not lie on the grid", async () => {
    const band = await open(
      makeTiff({ widthPixels: 4, heightPixels: 4, dtype: "uint8", samples: [new Uint8Array(16)], grid }),
    );
    for (const window of [
      { column: 3, row: 0, widthPixels: 2, heightPixels: 1 },
      { column: -1, row: 0, widthPixels: 2, heightPixels: 1 },
      { column: 0, row: 0.5, widthPixels: 1, heightPixels: 1 },
      { column: 0, row: 0, widthPixels: 0, heightPixels: 1 },
    ])
      await expect(band.readWindow(window)).rejects.toMatchObject({ code: "SG_OPTIONS_INVALID" });
  });
});
