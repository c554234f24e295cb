import { defineModality } from "@stargate/kernel";
import { encodeGeoTiff, fileOf } from "./encode-raster.ts";
import { rasterSchema, type Raster } from "./raster-schema.ts";
import { sniffGeoTiff, sniffStac } from "./sniff-raster.ts";

/** One acquisition. Its measure are the pixels of its finest band that are known to be there. */
export const raster = defineModality({
  id: "raster",
  summary: "One picture of the earth: bands of numbers with a place, a time and a product",
  schema: rasterSchema,
  measure: "pixel",
  measureOf: pixelsOf,
  timeOf: ({ acquiredAt }) => (acquiredAt === undefined ? undefined : Date.parse(acquiredAt) / 1000),
  describe: (value) => ({
    product: value.product,
    acquiredAt: value.acquiredAt ?? null,
    bands: value.bands.length,
    pixels: pixelsOf(value) ?? null,
    crs: value.bands.find(({ grid }) => grid !== undefined)?.grid?.crs ?? null,
  }),
  sizeOf: ({ bands }) =>
    bands.reduce((sum, { source }) => sum + (source.kind === "values" ? source.values.byteLength : 512), 512),
  sniff: (head, sizeBytes) => sniffGeoTiff(head, sizeBytes) ?? sniffStac(head, "item"),
  codecs: {
    "image/tiff": {
      decode: async (input, context) => (await import("./decode-raster.ts")).decodeGeoTiff(input, context),
      encode: encodeGeoTiff,
      canEncode: (value) => fileOf(value) !== undefined,
    },
    "application/geo+json": { decode: async (input) => (await import("./decode-raster.ts")).decodeItem(input) },
  },
});

function pixelsOf({ bands }: Raster): number | undefined {
  const sizes = bands.flatMap(({ grid }) => (grid === undefined ? [] : [grid.widthPixels * grid.heightPixels]));
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
