import { createPortableHost, isStargateError } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { openBand, type OpenBand } from "../open-band.ts";
import { type MadeTiff, makeTiff } from "../testing-support/make-tiff.ts";

const { fetch, offload } = createPortableHost();
const context = { fetch, offload, signal: new AbortController().signal };
const grid = { crs: "EPSG:32633", affine: [10, 0, 500_000, 0, -10, 5_000_000] as const } as const;
const sound: MadeTiff = {
  widthPixels: 40,
  heightPixels: 40,
  dtype: "uint16",
  tile: [16, 16],
  compression: "deflate",
  predictor: 2,
  samples: [Uint16Array.from({ length: 1600 }, (_, index) => index * 7)],
  grid,
};

const open = (blob: Blob, sample = 0): Promise<OpenBand> =>
  openBand({ name: "red", holds: "reflectance", sample, source: { kind: "file", blob } }, context);

async function readAll(blob: Blob): Promise<readonly number[]> {
  const band = await open(blob);
  const { widthPixels, heightPixels } = band.grid;
  await band.overviews();
  return [...(await band.readWindow({ column: 0, row: 0, widthPixels, heightPixels }))];
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a file that is not sound", () => {
  it("is a typed error wherever it is cut off", async () => {
    const whole = makeTiff(sound);
    for (let length = 0; length < whole.size; length += 7) {
      const error = await failure(readAll(whole.slice(0, length)));
      expect(error, `cut at ${length}`).toMatchObject({ code: "SG_INPUT_CORRUPT" });
    }
  });

  it("never fails in another way, whatever bytes are changed", async () => {
    const whole = new Uint8Array(await makeTiff(sound).arrayBuffer());
    let seed = 20_240_607;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const others: unknown[] = [];
    for (let round = 0; round < 400; round++) {
      const bytes = whole.slice();
      // The header and directory of 500 bytes are where lies hurt.
      for (let change = 0; change <= random(3); change++)
        bytes[random(round % 2 === 0 ? 500 : bytes.length)] = random(256);
      const error = await failure(readAll(new Blob([bytes])));
      if (error !== undefined && !isStargateError(error)) others.push(error);
    }
    expect(others).toEqual([]);
  });

  it("says what stands there instead of a TIFF", async () => {
    await expect(open(new Blob([]))).rejects.toThrow('The file of band "red" is no TIFF: it is empty');
    await expect(open(new Blob(["<!DOCTYPE html><p>hello"]))).rejects.toThrow(
      /it begins with "<!DOCTYPE html><p>hello"/,
    );
    await expect(open(new Blob([new Uint8Array([0x49, 0x49, 99, 0, 8, 0, 0, 0])]))).rejects.toThrow(/version 99/);
  });

  it("that claims to be as large as a continent is not taken into memory", async () => {
    const huge = new Uint8Array(
      await makeTiff({ ...sound, widthPixels: 16, heightPixels: 16, samples: [] }).arrayBuffer(),
    );
    const view = new DataView(huge.buffer);
    view.setUint32(10 + 8, 3_000_000, true);
    view.setUint32(10 + 12 + 8, 3_000_000, true);
    const error = await failure(readAll(new Blob([huge])));
    expect(error).toMatchObject({ code: expect.stringMatching(/^SG_INPUT_(?:TOO_LARGE|CORRUPT)$/) as string });
  });

  it("does not follow directories in a circle", async () => {
    const bytes = new Uint8Array(await makeTiff(sound).arrayBuffer());
    const view = new DataView(bytes.buffer);
    view.setUint32(8 + 2 + view.getUint16(8, true) * 12, 8, true);
    const band = await open(new Blob([bytes]));
    await expect(band.overviews()).rejects.toThrow(/its directories have no end/);
  });
});

describe("a sound file that is not read here", () => {
  it("says which sample, compression or kind of number it is", async () => {
    await expect(open(makeTiff(sound), 1)).rejects.toMatchObject({
      code: "SG_SATELLITE_BAND",
      message: expect.stringMatching(/has 1 samples, number 2 was asked for/) as string,
    });
    const bytes = new Uint8Array(await makeTiff(sound).arrayBuffer());
    const view = new DataView(bytes.buffer);
    const entryOf = (tag: number): number => {
      const entries = Array.from({ length: view.getUint16(8, true) }, (_, index) => 10 + index * 12);
      return entries.find((at) => view.getUint16(at, true) === tag) ?? 0;
    };
    const changed = (tag: number, value: number): Blob => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint16(entryOf(tag) + 8, value, true);
      return new Blob([copy]);
    };
    for (const [tag, value, message] of [
      [259, 50_001, /compressed with method 50001/],
      [258, 48, /holds 48-bit numbers of format 1/],
      [339, 5, /holds 16-bit numbers of format 5/],
    ] as const) {
      const error = await failure(open(changed(tag, value)));
      expect(error).toMatchObject({ code: "SG_SATELLITE_ENCODING" });
      expect(String(error)).toMatch(message);
    }
    await expect(open(changed(322, 0))).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT" });
  });
});

describe("the place of a file", () => {
  const placed = (more: Partial<MadeTiff>): Promise<OpenBand> => open(makeTiff({ ...sound, ...more }));

  it("is refused when neither file nor catalogue say it", async () => {
    const { grid: _left, ...homeless } = sound;
    await expect(open(makeTiff(homeless))).rejects.toMatchObject({
      code: "SG_SATELLITE_GRID",
      message: 'Band "red": neither its file nor its catalogue say in which reference system it lies',
    });
    const stated = { ...grid, widthPixels: 40, heightPixels: 40 };
    const source = { kind: "file", blob: makeTiff(homeless) } as const;
    const band = await openBand({ name: "red", holds: "reflectance", sample: 0, source, grid: stated }, context);
    expect(band.grid).toEqual(stated);
    const other = { ...stated, widthPixels: 41 };
    await expect(
      openBand({ name: "red", holds: "reflectance", sample: 0, source, grid: other }, context),
    ).rejects.toThrow(/say where its first pixel lies/);
  });

  it("is the file's where the catalogue says another, with a note", async () => {
    const stated = { ...grid, widthPixels: 400, heightPixels: 400 };
    const source = { kind: "file", blob: makeTiff(sound) } as const;
    const band = await openBand({ name: "red", holds: "reflectance", sample: 0, source, grid: stated }, context);
    expect(band.grid.widthPixels).toBe(40);
    expect(band.notes).toEqual([expect.stringMatching(/the catalogue states 400 x 400 .* the file was believed/)]);
  });

  it("is refused in systems that were not checked", async () => {
    await expect(placed({ grid: { ...grid, crs: "EPSG:2154" } })).rejects.toThrow(
      /lies in EPSG:2154, which is not supported/,
    );
  });

  it("begins at the corner of the first pixel, also where a file counts from its middle", async () => {
    expect((await placed({ isPixelPoint: true })).grid.affine).toEqual(grid.affine);
    expect((await placed({ grid: { crs: "EPSG:4326", affine: [0.1, 0, 14, 0, -0.1, 46] } })).grid).toMatchObject({
      crs: "EPSG:4326",
      affine: [0.1, 0, 14, 0, -0.1, 46],
    });
  });

  it.each([
    // HLS spells UTM out, the northern zone also in the south: zone 33, zone 12.
    ["EPSG:32633", [3074, 0, 1, 16_033]],
    ["EPSG:32712", [3074, 0, 1, 16_112]],
    [
      "EPSG:32633",
      [
        3075, 0, 1, 1, 3080, 34_736, 1, 0, 3081, 34_736, 1, 1, 3082, 34_736, 1, 2, 3083, 34_736, 1, 1, 3092, 34_736, 1,
        3,
      ],
    ],
  ] as const)("is understood where UTM is written out: %s", async (crs, written) => {
    const keys = [1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_767, ...written];
    expect((await placed({ geoKeys: { keys, doubles: [15, 0, 500_000, 0.9996] } })).grid.crs).toBe(crs);
  });

  it("is understood where Landsat ARD spells out its Albers projection", async () => {
    const names = [3078, 3079, 3081, 3080, 3082, 3083];
    const keys = [
      1024,
      0,
      1,
      1,
      3072,
      0,
      1,
      32_767,
      3075,
      0,
      1,
      11,
      ...names.flatMap((key, index) => [key, 34_736, 1, index]),
    ];
    expect((await placed({ geoKeys: { keys, doubles: [29.5, 45.5, 23, -96, 0, 0] } })).grid.crs).toBe("EPSG:5070");
  });
});

describe("what GDAL wrote about a sample", () => {
  it("is scale, offset and nodata of that sample", async () => {
    const metadata =
      '<GDALMetadata><Item name="SCALE" sample="1" role="scale">0.0001</Item><Item name="OFFSET" sample="1" role="offset">-0.1</Item><Item name="X">1</Item></GDALMetadata>';
    const two = { ...sound, samples: [...sound.samples, ...sound.samples], metadata, nodata: "nan" };
    const [first, second] = await Promise.all([open(makeTiff(two), 0), open(makeTiff(two), 1)]);
    expect([first.scale, first.offset, second.scale, second.offset]).toEqual([undefined, undefined, 0.0001, -0.1]);
    expect(first.nodata).toBeNaN();
  });
});
