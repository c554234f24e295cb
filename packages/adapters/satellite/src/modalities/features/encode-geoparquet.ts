import { writeParquet } from "../../native/hyparquet-writer.ts";
import { writableFeatures } from "./encode-geojson.ts";
import type { Features } from "./features-schema.ts";
import { boundsOf } from "./positions.ts";
import { propertyColumns } from "./property-columns.ts";
import { wellKnownBinary } from "./well-known-binary.ts";

/** Types of columns by what their values are. */
const columnTypes = { boolean: "BOOLEAN", number: "DOUBLE", text: "STRING" } as const;

/**
 * Writes GeoParquet 1.1.0 (geoparquet.org): one row for each feature, geometry as well-known binary in longitude and latitude
 * (OGC:CRS84, the default), properties as columns; lists and objects as JSON text.
 */
export async function encodeGeoParquet(collection: Features): Promise<Uint8Array<ArrayBuffer>> {
  const features = writableFeatures(collection);
  const geometries = features.flatMap(({ geometry }) => (geometry === null ? [] : [geometry]));
  const bounds = boundsOf(geometries);
  const own = ["id", "geometry"];
  const metadata = {
    version: "1.1.0",
    primary_column: "geometry",
    columns: {
      geometry: {
        encoding: "WKB",
        geometry_types: [...new Set(geometries.map(({ type }) => type))].toSorted(),
        orientation: "counterclockwise",
        edges: "planar",
        ...(bounds === undefined ? {} : { bbox: bounds }),
      },
    },
  };
  return await writeParquet(
    [
      { name: "id", type: "STRING", values: features.map(({ id }) => (id === undefined ? null : String(id))) },
      ...propertyColumns(features).map(({ name, type, values }) => ({
        name: own.includes(name) ? `property.${name}` : name,
        type: columnTypes[type],
        values,
      })),
      {
        name: "geometry",
        type: "BYTE_ARRAY",
        values: features.map(({ geometry }) => geometry && wellKnownBinary(geometry)),
      },
    ],
    { geo: JSON.stringify(metadata) },
  );
}
