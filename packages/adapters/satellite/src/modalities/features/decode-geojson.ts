import { type CodecContext, formatProblems, json, type Json, type JsonObject, schemaProblems } from "@stargate/kernel";
import { fail } from "../../satellite-errors.ts";
import { checkedFeatures } from "./checked-features.ts";
import { type Features, featuresSchema, geometrySchema, type Position } from "./features-schema.ts";
import { mapLines } from "./positions.ts";

const geometryTypes: readonly string[] = geometrySchema.options.map(({ shape }) => shape.type.value);

/** Names under which WGS 84 in longitude and latitude goes in the "crs" member of GeoJSON of 2008. */
const wgs84 = /(?:CRS:?:?84|EPSG::?4326)$/i;

/**
 * Reads GeoJSON (RFC 7946): a collection, one feature or a bare geometry. Rings that are not closed are closed. A "crs"
 * member, which RFC 7946 has done away with, is followed when it names a system that is supported here: what is in metres
 * becomes degrees. Throws SG_INPUT_CORRUPT, SG_INPUT_INVALID, SG_SATELLITE_GRID.
 */
export async function decodeGeoJson(input: Blob, context: CodecContext): Promise<Features> {
  const value = (await json.codecs["application/json"]?.decode?.(input, context)) as Json | undefined; // what its schema says
  const { crs, ...collection } = collectionOf(value);
  const { data, error } = featuresSchema.safeParse(collection);
  if (data === undefined) {
    throw fail("SG_INPUT_INVALID", `Not GeoJSON: ${formatProblems(schemaProblems(error, featuresSchema, collection))}`);
  }
  return checkedFeatures(await inDegrees(data, crs));
}

function collectionOf(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw fail("SG_INPUT_INVALID", "Not GeoJSON: an object with a type is expected");
  }
  const object = value as JsonObject; // neither null nor an array
  const { type, crs, stac_version: stacVersion } = object;
  if (stacVersion !== undefined) {
    throw fail("SG_INPUT_INVALID", "This is a STAC item, not an area or alerts", {
      hint: "Post it as a scene (media type application/geo+json; profile=stac), or send only its geometry.",
    });
  }
  if (type === "FeatureCollection") return object;
  if (type === "Feature")
    return { type: "FeatureCollection", features: [object], ...(crs === undefined ? {} : { crs }) };
  if (typeof type === "string" && geometryTypes.includes(type)) {
    const { crs: _crs, ...geometry } = object;
    const feature = { type: "Feature", properties: {}, geometry };
    return { type: "FeatureCollection", features: [feature], ...(crs === undefined ? {} : { crs }) };
  }
  const found = typeof type === "string" ? `type "${type}"` : "no type";
  throw fail("SG_INPUT_INVALID", `Not GeoJSON that is read here: ${found}`, {
    hint: `Send a FeatureCollection, a Feature, or one of ${geometryTypes.join(", ")}.`,
  });
}

async function inDegrees(collection: Features, crs: Json | undefined): Promise<Features> {
  if (crs === undefined || crs === null) return collection;
  const written = JSON.stringify(crs);
  const name = /"name":"([^"]+)"\}/.exec(written)?.[1] ?? written;
  if (wgs84.test(name)) return collection;
  const code = /EPSG:[\d.]*:?(\d{4,6})$/i.exec(name)?.[1];
  if (code === undefined) {
    throw fail("SG_SATELLITE_GRID", `The collection is in "${name.slice(0, 80)}", which is not known here`, {
      hint: "Reproject to WGS 84 and leave out the crs member: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson",
    });
  }
  const { projectionBetween } = await import("../../grid/crs.ts");
  const project = projectionBetween(`EPSG:${code}`, "EPSG:4326");
  const degrees = ([x, y, ...rest]: Position): Position => [...project(x, y), ...rest];
  return {
    ...collection,
    features: collection.features.map((feature) => ({
      ...feature,
      geometry: feature.geometry && mapLines(feature.geometry, (line) => line.map(degrees)),
    })),
  };
}
