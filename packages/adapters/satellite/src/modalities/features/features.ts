import { defineModality } from "@stargate/kernel";
import { featuresSchema } from "./features-schema.ts";
import { sniffFeatures } from "./sniff-features.ts";

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
  sniff: sniffFeatures,
  codecs: {
    "application/geo+json": {
      decode: async (input, context) => (await import("./decode-geojson.ts")).decodeGeoJson(input, context),
      encode: async (value) => (await import("./encode-geojson.ts")).encodeGeoJson(value),
    },
    "text/csv": {
      encode: async (value, context) => (await import("./encode-csv.ts")).encodeCsv(value, context),
    },
    // Where the media type is not known better: most programs say so of GeoJSON.
    "application/json": {
      decode: async (input, context) => (await import("./decode-geojson.ts")).decodeGeoJson(input, context),
    },
    "application/vnd.google-earth.kml+xml": {
      decode: async (input, context) => (await import("./decode-kml.ts")).decodeKml(input, context),
      encode: async (value) => (await import("./encode-kml.ts")).encodeKml(value),
    },
    "application/vnd.apache.parquet": {
      encode: async (value) => (await import("./encode-geoparquet.ts")).encodeGeoParquet(value),
    },
  },
  example: {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        id: "north",
        properties: { name: "north" },
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [14.5, 46],
              [14.6, 46],
              [14.6, 46.1],
              [14.5, 46],
            ],
          ],
        },
      },
    ],
  },
});
