import { isStargateError } from "@stargate/kernel";
import { describe, expect, it } from "vitest";
import { makeTiff } from "../../read/testing-support/make-tiff.ts";
import { itemOf } from "../../stac/testing-support/catalogue-server.ts";
import { features } from "../features/features.ts";
import { rasterSeries } from "../raster-series/raster-series.ts";
import type { Raster, RasterBand } from "./raster-schema.ts";
import { raster } from "./raster.ts";

const context = {
  signal: new AbortController().signal,
  offload: () => Promise.reject(new TypeError("no offload here")),
};
const headOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.slice(0, 4096).arrayBuffer());
const picture = {
  widthPixels: 8,
  heightPixels: 8,
  dtype: "uint16",
  samples: [new Uint16Array(64), new Uint16Array(64)],
} as const;
const grid = { crs: "EPSG:32633", affine: [10, 0, 500_000, 0, -10, 5_000_000] as const } as const;
const jsonBlob = (value: unknown): Blob => new Blob([JSON.stringify(value)]);
const collection = {
  type: "FeatureCollection",
  features: [itemOf("b", "2023-06-02T10:00:00Z"), itemOf("a", "2023-06-01T10:00:00Z")],
};
const selfLinked = {
  ...itemOf("a", "2023-06-01T10:00:00Z"),
  links: [{ rel: "self", href: "https://c.example/items/a" }],
};

describe("recognising rasters", () => {
  it("tells a GeoTIFF from a scan, in all of TIFF's ways to write", async () => {
    for (const way of [{}, { isBig: true }, { isBigEndian: true }, { isBig: true, isBigEndian: true }]) {
      const map = makeTiff({ ...picture, ...way, grid });
      const scan = makeTiff({ ...picture, ...way });
      expect(raster.sniff?.(await headOf(map), map.size)).toEqual({ mediaType: "image/tiff", confidence: 1 });
      expect(raster.sniff?.(await headOf(scan), scan.size)).toBeUndefined();
    }
    expect(raster.sniff?.(new TextEncoder().encode("II*"), 3)).toBeUndefined();
  });

  it("tells items, collections of items and other GeoJSON apart", async () => {
    const heads = await Promise.all(
      [
        selfLinked,
        collection,
        { type: "FeatureCollection", features: [] },
        { type: "Collection", stac_version: "1.0.0" },
      ].map(async (value) => headOf(jsonBlob(value))),
    );
    const found = heads.map((head) =>
      [raster, rasterSeries, features].map((one) => one.sniff?.(head, 1)?.mediaType !== undefined),
    );
    expect(found).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [false, false, false],
    ]);
  });
});

describe("rasters as inputs", () => {
  it("are made of a GeoTIFF: a band for each sample, date and product by its name", async () => {
    const metadata =
      '<GDALMetadata><Item name="DESCRIPTION" sample="0" role="description">B04</Item><Item name="DESCRIPTION" sample="1" role="description">B08</Item></GDALMetadata>';
    const blob = makeTiff({ ...picture, grid, metadata, nodata: "0" });
    const named = { ...context, name: "S2A_MSIL2A_20230611T100601_N0509_T33TVM.tif" };
    const value = await raster.codecs["image/tiff"]?.decode?.(blob, named);
    expect(value).toMatchObject({
      id: "S2A_MSIL2A_20230611T100601_N0509_T33TVM",
      product: "sentinel-2-l2a",
      acquiredAt: "2023-06-11T10:06:01.000Z",
      processing: { baseline: "05.09" },
      bands: [
        { name: "red", holds: "reflectance", sample: 0, dtype: "uint16", nodata: 0 },
        { name: "nir", holds: "reflectance", sample: 1, grid: { crs: "EPSG:32633", widthPixels: 8 } },
      ],
    });
    expect(raster.schema.safeParse(value).success).toBe(true);
    const nameless = await raster.codecs["image/tiff"]?.decode?.(makeTiff({ ...picture, grid }), context);
    expect(nameless).toMatchObject({ product: "other", bands: [{ name: "band1" }, { name: "band2" }] });
  });

  it("are written as the GeoTIFF they lie in, where that is one", async () => {
    const { encode, canEncode } = raster.codecs["image/tiff"] ?? {};
    const blob = makeTiff({ ...picture, grid });
    const value = (await raster.codecs["image/tiff"]?.decode?.(blob, context)) as Raster;
    expect(canEncode?.(value)).toBe(true);
    expect(await encode?.(value, context)).toBe(blob);
    const source = { kind: "file" as const, blob: new Blob(["jP  "]) };
    const [band, ...others] = value.bands as [RasterBand, ...RasterBand[]];
    expect(canEncode?.({ ...value, bands: [{ ...band, source }, ...others] })).toBe(false);
    const damaged = { ...value, bands: [{ ...band, source }] };
    await expect(encode?.(damaged, context)).rejects.toMatchObject({ code: "SG_OUTPUT_NOT_ACCEPTABLE" });
  });

  it("are made of STAC items and collections of them, oldest first", async () => {
    expect(await raster.codecs["application/geo+json"]?.decode?.(jsonBlob(selfLinked), context)).toMatchObject({
      id: "a",
      bands: [{ name: "red" }, { name: "scl", source: { kind: "remote", href: "https://c.example/items/SCL.tif" } }],
    });
    const series = await rasterSeries.codecs["application/geo+json"]?.decode?.(jsonBlob(collection), context);
    expect(series?.rasters.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("are refused with a typed error where they are damaged or without a place", async () => {
    const decodes = [
      () => raster.codecs["image/tiff"]?.decode?.(makeTiff(picture), context),
      () => raster.codecs["image/tiff"]?.decode?.(new Blob(["II*\0\u0008\0\0\0"]), context),
      () => raster.codecs["application/geo+json"]?.decode?.(new Blob(["{"]), context),
      () => raster.codecs["application/geo+json"]?.decode?.(jsonBlob({ type: "Feature" }), context),
      () => rasterSeries.codecs["application/geo+json"]?.decode?.(jsonBlob({ type: "Feature" }), context),
    ];
    const codes = (await Promise.allSettled(decodes.map(async (decode) => decode()))).map((outcome) =>
      outcome.status === "rejected" && isStargateError(outcome.reason) ? outcome.reason.code : outcome,
    );
    expect(codes).toEqual([
      "SG_SATELLITE_GRID",
      "SG_INPUT_CORRUPT",
      "SG_INPUT_CORRUPT",
      "SG_INPUT_INVALID",
      "SG_INPUT_INVALID",
    ]);
  });
});
