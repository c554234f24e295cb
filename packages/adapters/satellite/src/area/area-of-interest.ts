import type { Feature, Features, Polygonal, Position } from "../modalities/features/features-schema.ts";
import { boundsOf, crossesAntimeridian, positionProblem } from "../modalities/features/positions.ts";
import { fail } from "../satellite-errors.ts";
import { hectaresOf } from "./geodesic-area.ts";
import { crossingOf } from "./self-crossing.ts";

/** An area that can be asked for: it has been looked at. */
export interface AreaOfInterest {
  /** All polygons of all features. */
  readonly geometry: Extract<Polygonal, { type: "MultiPolygon" }>;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** On the ellipsoid. Polygons that overlap count each for itself. */
  readonly hectares: number;
}

/** Most corners of an area: more is a coastline, not a request. */
const MAX_CORNERS = 200_000;

/**
 * The area that features describe together. Throws SG_SATELLITE_AREA when there is none, when a feature is no polygon, when
 * a polygon crosses itself or the antimeridian or has no area, when numbers are no degrees, and for too many corners.
 */
export function areaOfInterest({ features }: Features): AreaOfInterest {
  if (features.length === 0) {
    throw fail("SG_SATELLITE_AREA", "The area is empty: a collection without features", {
      hint: "Send at least one polygon.",
    });
  }
  const polygons = features.flatMap((feature, index) => polygonsOf(feature, index));
  const corners = polygons.reduce((sum, rings) => sum + rings.reduce((count, ring) => count + ring.length, 0), 0);
  if (corners > MAX_CORNERS) {
    throw fail("SG_SATELLITE_AREA", `The area has ${corners} corners; the limit is ${MAX_CORNERS}`, {
      hint: "Simplify its outline: ogr2ogr -simplify 0.0001 out.geojson in.geojson",
    });
  }
  for (const [index, rings] of polygons.entries()) checkPolygon(rings, `Polygon ${index + 1} of the area`);
  const geometry = { type: "MultiPolygon" as const, coordinates: polygons };
  const bounds = boundsOf([geometry]) ?? [0, 0, 0, 0]; // every polygon has corners by now
  if (bounds[2] - bounds[0] > 180) {
    throw fail("SG_SATELLITE_AREA", "The area lies on both sides of the antimeridian (or spans half the earth)", {
      hint: "Ask for each side on its own.",
    });
  }
  return { geometry, bounds, hectares: hectaresOf(geometry) };
}

type Rings = readonly (readonly Position[])[];

function polygonsOf({ geometry }: Feature, index: number): readonly Rings[] {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  const what = geometry === null ? "has no geometry" : `is a ${geometry.type}`;
  throw fail("SG_SATELLITE_AREA", `Feature ${index + 1} of the area ${what}; it has to be a polygon`, {
    hint: "Draw a polygon around the place, for example on geojson.io.",
  });
}

function checkPolygon(rings: Rings, name: string): void {
  for (const ring of rings) {
    if (ring.length < 4)
      throw fail("SG_SATELLITE_AREA", `${name} has a ring of ${ring.length} positions; it needs four`);
    for (const position of ring) {
      const wrong = positionProblem(position);
      if (wrong !== undefined) throw fail("SG_SATELLITE_AREA", `${name}: ${wrong.problem}`, { hint: wrong.hint });
    }
    if (crossesAntimeridian(ring)) {
      throw fail("SG_SATELLITE_AREA", `${name} steps over the antimeridian`, {
        hint: "Cut it at 180 degrees and ask for each side on its own.",
      });
    }
  }
  const crossing = crossingOf(rings);
  if (crossing !== undefined) {
    const place = `${crossing[0].toFixed(5)}, ${crossing[1].toFixed(5)}`;
    throw fail("SG_SATELLITE_AREA", `${name} crosses itself at ${place}`, {
      hint: "Put its corners in the order in which one walks around it.",
    });
  }
  if (!(hectaresOf({ type: "Polygon", coordinates: rings }) > 0)) {
    throw fail("SG_SATELLITE_AREA", `${name} has no area`, { hint: "Give it corners that do not lie on one line." });
  }
}
