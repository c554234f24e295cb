import type { Geometry, Position } from "../modalities/features/features-schema.ts";

/** WGS 84 (NIMA TR8350.2). */
const EQUATORIAL_RADIUS_METRES = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING);
const ECCENTRICITY = Math.sqrt(ECCENTRICITY_SQUARED);
const POLAR_RADIUS_METRES = EQUATORIAL_RADIUS_METRES * (1 - FLATTENING);

const SQUARE_METRES_PER_HECTARE = 10_000;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Edges longer than this are integrated in pieces, degrees of longitude. */
const MAX_STEP_DEGREES = 1;

/** Gauss-Legendre nodes and weights of order 5 on 0-1 (Abramowitz and Stegun, table 25.4). */
const nodes = [0.04691007703066802, 0.23076534494715845, 0.5, 0.7692346550528415, 0.953089922969332];
const weights = [
  0.11846344252809454, 0.23931433524968326, 0.28444444444444444, 0.23931433524968326, 0.11846344252809454,
];

/**
 * Area between the equator and a latitude for each radian of longitude, square metres: the closed form for the ellipsoid
 * (Snyder 1987, USGS PP 1395, equation 3-12; it is what the authalic latitude is made of).
 */
function zoneArea(latitudeRadians: number): number {
  const sine = Math.sin(latitudeRadians);
  const scaled = ECCENTRICITY * sine;
  return (POLAR_RADIUS_METRES ** 2 / 2) * (sine / (1 - scaled * scaled) + Math.atanh(scaled) / ECCENTRICITY);
}

/**
 * Signed area of a closed ring on the WGS 84 ellipsoid in square metres, positive when it runs counterclockwise.
 * Its edges are straight in longitude and latitude, as RFC 7946 (3.1.1) has it; the ring must not cross the antimeridian.
 */
export function ringSquareMetres(ring: readonly Position[]): number {
  let sum = 0;
  for (let index = 1; index < ring.length; index++) {
    const from = ring[index - 1];
    const to = ring[index];
    if (from === undefined || to === undefined) continue;
    sum -= edgeArea(from, to);
  }
  return sum;
}

/** Area below an edge, down to the equator; positive eastward. */
function edgeArea([fromLongitude, fromLatitude]: Position, [toLongitude, toLatitude]: Position): number {
  const width = (toLongitude - fromLongitude) * RADIANS_PER_DEGREE;
  if (width === 0) return 0;
  const south = fromLatitude * RADIANS_PER_DEGREE;
  const rise = (toLatitude - fromLatitude) * RADIANS_PER_DEGREE;
  if (rise === 0) return width * zoneArea(south);
  const steps = Math.ceil(
    Math.max(Math.abs(toLongitude - fromLongitude), Math.abs(toLatitude - fromLatitude)) / MAX_STEP_DEGREES,
  );
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    for (let node = 0; node < nodes.length; node++) {
      sum += (weights[node] ?? 0) * zoneArea(south + (rise * (step + (nodes[node] ?? 0))) / steps);
    }
  }
  return (width * sum) / steps;
}

/** Hectares of polygons on the ellipsoid, holes taken off, whichever way their rings run; 0 for points and lines. */
export function hectaresOf(geometry: Geometry): number {
  if (geometry.type === "Polygon") return polygonHectares(geometry.coordinates);
  if (geometry.type !== "MultiPolygon") return 0;
  return geometry.coordinates.reduce((sum, rings) => sum + polygonHectares(rings), 0);
}

function polygonHectares(rings: readonly (readonly Position[])[]): number {
  const [outer = 0, ...holes] = rings.map((ring) => Math.abs(ringSquareMetres(ring)));
  return (outer - holes.reduce((sum, hole) => sum + hole, 0)) / SQUARE_METRES_PER_HECTARE;
}
