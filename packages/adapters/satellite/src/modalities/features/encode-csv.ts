import { type CodecContext, type EncodedBody, table } from "@stargate/kernel";
import { writableFeatures } from "./encode-geojson.ts";
import type { Feature, Features } from "./features-schema.ts";
import { boundsOf } from "./positions.ts";
import { propertyColumns } from "./property-columns.ts";
import { wellKnownText } from "./well-known-text.ts";

/**
 * Writes features as CSV, one row each: id, the properties (lists and objects as JSON), longitude and latitude of the middle
 * of its bounds, and the geometry as well-known text. A property that has one of these names goes before them under
 * "property.<name>".
 */
export async function encodeCsv(collection: Features, context: CodecContext): Promise<EncodedBody> {
  const features = writableFeatures(collection);
  const own = ["id", "longitude", "latitude", "wkt"];
  const properties = propertyColumns(features);
  const names = properties.map(({ name }) => (own.includes(name) ? `property.${name}` : name));
  const rows = features.map((feature, row) => [
    feature.id ?? null,
    ...properties.map(({ values }) => values[row] ?? null),
    ...middleOf(feature),
    feature.geometry === null ? null : wellKnownText(feature.geometry),
  ]);
  const value = { columns: ["id", ...names, "longitude", "latitude", "wkt"], rows };
  return (await table.codecs["text/csv"]?.encode?.(value, context)) ?? "";
}

function middleOf({ geometry }: Feature): readonly (number | null)[] {
  const bounds = geometry === null ? undefined : boundsOf([geometry]);
  if (bounds === undefined) return [null, null];
  const [west, south, east, north] = bounds;
  return [Number(((west + east) / 2).toFixed(7)), Number(((south + north) / 2).toFixed(7))];
}
