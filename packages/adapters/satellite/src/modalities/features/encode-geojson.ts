import { ringSquareMetres } from "../../area/geodesic-area.ts";
import { fail } from "../../satellite-errors.ts";
import type { Features, Geometry, Position } from "./features-schema.ts";
import { crossesAntimeridian, linesOf, mapLines } from "./positions.ts";

/** A ten-millionth of a degree is a centimetre (RFC 7946, 11.2). */
const DECIMALS = 1e7;

/**
 * Writes GeoJSON as RFC 7946 has it: seven decimals, outer rings counterclockwise, no "crs".
 * Throws SG_INPUT_INVALID for what steps over the antimeridian: it would go around the earth the other way.
 */
export function encodeGeoJson(collection: Features): string {
  const { crs: _crs, ...rest } = collection;
  return JSON.stringify({ ...rest, features: writableFeatures(collection) });
}

/** The features as every encoding writes them: rounded and wound. */
export function writableFeatures({ features }: Features): Features["features"] {
  return features.map((feature, index) => ({
    ...feature,
    geometry: feature.geometry && writableGeometry(feature.geometry, `feature ${feature.id ?? index + 1}`),
  }));
}

function writableGeometry(geometry: Geometry, name: string): Geometry {
  if (geometry.type !== "MultiPoint" && linesOf(geometry).some(crossesAntimeridian)) {
    throw fail("SG_INPUT_INVALID", `The geometry of ${name} steps over the antimeridian`, {
      hint: "Cut it in two at 180 degrees (RFC 7946, 3.1.9).",
    });
  }
  return mapLines(geometry, (line, ring) => {
    const rounded = line.map(roundedPosition);
    if (ring === undefined) return rounded;
    return ringSquareMetres(rounded) >= 0 === (ring === 0) ? rounded : rounded.toReversed();
  });
}

function roundedPosition([longitude, latitude, ...rest]: Position): Position {
  return [Math.round(longitude * DECIMALS) / DECIMALS, Math.round(latitude * DECIMALS) / DECIMALS, ...rest];
}
