import { describe, expect, it } from "vitest";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import { parseItem } from "./parse-item.ts";
import { rasterOfItem } from "./raster-of-item.ts";

const tiff = "image/tiff; application=geotiff; profile=cloud-optimized";
const rasterOf = (item: Record<string, unknown>): Raster =>
  rasterOfItem(
    parseItem({ type: "Feature", stac_version: "1.0.0", properties: {}, links: [], ...item }, "the item"),
    ({ href }) => ({ kind: "remote", href: new URL(href, "https://data.example/").href }),
  );
const namesOf = ({ bands }: Raster): readonly string[] => bands.map(({ name, holds }) => `${name}: ${holds}`);

describe("scenes of catalogues", () => {
  it("are understood as Planetary Computer names Sentinel-2", () => {
    const scene = rasterOf({
      id: "S2B_MSIL2A_20230601T100559_R022_T33TVM_20230601T170459",
      collection: "sentinel-2-l2a",
      properties: {
        datetime: "2023-06-01T10:05:59.024Z",
        "proj:epsg": 32_633,
        "s2:processing_baseline": "05.09",
        "s2:product_uri": "S2B_MSIL2A_20230601T100559_N0509_R022_T33TVM_20230601T134701.SAFE",
        "eo:cloud_cover": 3.2,
      },
      assets: {
        B04: {
          href: "B04.tif",
          type: tiff,
          "eo:bands": [{ name: "B04", common_name: "red" }],
          "proj:shape": [10_980, 10_980],
          "proj:transform": [10, 0, 399_960, 0, -10, 5_100_000],
        },
        B06: { href: "B06.tif", type: tiff, "eo:bands": [{ name: "B06", common_name: "rededge" }] },
        B8A: { href: "B8A.tif", type: tiff },
        B12: { href: "B12.tif", type: tiff },
        SCL: { href: "SCL.tif", type: tiff },
        visual: { href: "TCI.tif", type: tiff, "eo:bands": [{ name: "B04", common_name: "red" }] },
        preview: { href: "P.jp2", type: "image/jp2", roles: ["thumbnail"] },
        "granule-metadata": { href: "MTD.xml", type: "application/xml" },
      },
    });
    expect(scene.product).toBe("sentinel-2-l2a");
    expect(scene.processing).toEqual({ baseline: "05.09" });
    expect(namesOf(scene)).toEqual([
      "red: reflectance",
      "rededge2: reflectance",
      "nir08: reflectance",
      "swir22: reflectance",
      "scl: classes",
    ]);
    expect(scene.bands[0]?.grid).toEqual({
      crs: "EPSG:32633",
      affine: [10, 0, 399_960, 0, -10, 5_100_000],
      widthPixels: 10_980,
      heightPixels: 10_980,
    });
  });

  it("are understood as STAC 1.1 describes bands", () => {
    const scene = rasterOf({
      stac_version: "1.1.0",
      id: "S2C_T33TVM_20250601T100042_L2A",
      collection: "sentinel-2-c1-l2a",
      properties: {
        datetime: "2025-06-01T10:00:42Z",
        "proj:code": "EPSG:32633",
        "processing:version": "05.11",
        "earthsearch:boa_offset_applied": true,
      },
      assets: {
        red: {
          href: "B04.tif",
          type: tiff,
          bands: [{ name: "B04", "eo:common_name": "red", "raster:scale": 0.0001, "raster:offset": -0.1, nodata: 0 }],
        },
        cloud: { href: "CLD_20m.tif", type: tiff },
      },
    });
    expect(scene.processing).toEqual({ baseline: "05.11", boaOffsetApplied: true });
    expect(scene.bands[0]).toMatchObject({ name: "red", scale: 0.0001, offset: -0.1, nodata: 0 });
    expect(scene.bands[1]).toMatchObject({ name: "cloud-probability", holds: "probability" });
  });

  it("are understood as USGS names Landsat, whose bands have other numbers", () => {
    const scene = rasterOf({
      id: "LC09_L2SP_191028_20230602_20230605_02_T1_SR",
      collection: "landsat-c2l2-sr",
      properties: { datetime: "2023-06-02T09:47:12.1Z", platform: "LANDSAT_9" },
      assets: {
        red: {
          href: "x_SR_B4.TIF",
          type: "image/vnd.stac.geotiff; cloud-optimized=true",
          "eo:bands": [{ name: "B4", common_name: "red" }],
        },
        nir08: { href: "x_SR_B5.TIF", type: "image/vnd.stac.geotiff; cloud-optimized=true" },
        qa_pixel: { href: "x_QA_PIXEL.TIF", type: "image/vnd.stac.geotiff; cloud-optimized=true" },
      },
    });
    expect([scene.product, ...namesOf(scene)]).toEqual([
      "landsat-c2-l2",
      "red: reflectance",
      "nir08: reflectance",
      "qa_pixel: bits",
    ]);
  });

  it("are understood as HLS names both of its sensors", () => {
    const assets = Object.fromEntries(
      ["B02", "B05", "B8A", "B11", "Fmask"].map((name) => [name, { href: `${name}.tif`, type: tiff }]),
    );
    const properties = { datetime: "2023-06-02T09:47:12Z" };
    const sentinel = rasterOf({
      id: "HLS.S30.T33TVM.2023153T100559.v2.0",
      collection: "HLSS30_2.0",
      properties,
      assets,
    });
    const landsat = rasterOf({
      id: "HLS.L30.T33TVM.2023153T094712.v2.0",
      collection: "HLSL30_2.0",
      properties,
      assets,
    });
    expect([sentinel.product, ...namesOf(sentinel)]).toEqual([
      "hls",
      "blue: reflectance",
      "rededge1: reflectance",
      "nir08: reflectance",
      "swir16: reflectance",
      "fmask: bits",
    ]);
    // B8A does not exist there, B05 is near infrared and B11 thermal.
    expect(namesOf(landsat).filter((name) => !name.endsWith("other"))).toEqual([
      "blue: reflectance",
      "nir08: reflectance",
      "fmask: bits",
    ]);
  });

  it("keep the GeoTIFF where JPEG 2000 is there as well", () => {
    const scene = rasterOf({
      id: "S2A_33TVM_20230601_0_L2A",
      collection: "sentinel-2-l2a",
      assets: {
        "red-jp2": { href: "B04.jp2", type: "image/jp2" },
        red: { href: "B04.tif", type: tiff },
        "nir-jp2": { href: "B08.jp2", type: "image/jp2" },
      },
    });
    expect(
      scene.bands.map(({ name, source }) => [name, source.kind === "remote" ? source.href.slice(-7) : ""]),
    ).toEqual([
      ["red", "B04.tif"],
      ["nir", "B08.jp2"],
    ]);
  });

  it("are refused without a band that is known, and without a date they have none", () => {
    expect(() => rasterOf({ id: "x", assets: { preview: { href: "p.png", type: "image/png" } } })).toThrow(
      /Item "x" has no band that can be read; its assets are preview/,
    );
    expect(() => parseItem({ type: "Feature" }, "the item")).toThrow(/the item is no STAC item: stac_version: /);
    const scene = rasterOf({ id: "x", properties: { datetime: null }, assets: { red: { href: "r.tif" } } });
    expect([scene.product, scene.acquiredAt]).toEqual(["other", undefined]);
  });
});
