import { defineModality } from "@stargate/kernel";
import { featuresSchema } from "./features-schema.ts";

/** Places with properties: an area of interest, alerts. Its measure counts them. */
export const features = defineModality({
  id: "features",
  summary: "Places on the earth with their properties: an area, alerts",
  schema: featuresSchema,
  measure: "feature",
  measureOf: (value) => value.features.length,
  describe: (value) => ({
    features: value.features.length,
    geometry: value.features[0]?.geometry?.type ?? null,
  }),
  sizeOf: (value) => 512 + 2048 * value.features.length,
  codecs: {
    "application/geo+json": { encode: (value) => JSON.stringify(value) },
  },
});
