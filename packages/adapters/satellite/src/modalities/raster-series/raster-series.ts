import { defineModality } from "@stargate/kernel";
import { z } from "zod";
import { rasterSchema } from "../raster/raster-schema.ts";
import { sniffStac } from "../raster/sniff-raster.ts";

/** Acquisitions of one product over one area, oldest first. */
const rasterSeriesSchema = z.strictObject({
  rasters: z.array(rasterSchema).readonly(),
});

export type RasterSeries = Readonly<z.infer<typeof rasterSeriesSchema>>;

/** Pictures of the same area over time. Its measure counts the dates. */
export const rasterSeries = defineModality({
  id: "raster-series",
  summary: "Pictures of one area over time",
  schema: rasterSeriesSchema,
  measure: "date",
  measureOf: ({ rasters }) => rasters.length,
  describe: ({ rasters }) => ({
    dates: rasters.length,
    product: rasters[0]?.product ?? null,
    from: rasters[0]?.acquiredAt ?? null,
    to: rasters.at(-1)?.acquiredAt ?? null,
  }),
  sizeOf: ({ rasters }) => 4096 * rasters.length,
  sniff: (head) => sniffStac(head, "collection"),
  codecs: {
    "application/geo+json": {
      decode: async (input) => (await import("../raster/decode-raster.ts")).decodeItems(input),
    },
  },
});
