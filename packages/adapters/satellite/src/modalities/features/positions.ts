import type { Geometry, Position } from "./features-schema.ts";

/** Lines of positions of a geometry: rings, lines, or its points each for itself. */
export function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case "Point":
      return [[geometry.coordinates]];
    case "MultiPoint":
      return geometry.coordinates.map((position) => [position]);
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
  }
}

/** The geometry with every line (ring, point) replaced. */
export function mapLines(
  geometry: Geometry,
  map: (line: readonly Position[], ringOfPolygon: number | undefined) => readonly Position[],
): Geometry {
  switch (geometry.type) {
    case "Point":
      return { ...geometry, coordinates: map([geometry.coordinates], undefined)[0] ?? geometry.coordinates };
    case "MultiPoint":
    case "LineString":
      return { ...geometry, coordinates: map(geometry.coordinates, undefined) };
    case "MultiLineString":
      return { ...geometry, coordinates: geometry.coordinates.map((line) => map(line, undefined)) };
    case "Polygon":
      return { ...geometry, coordinates: geometry.coordinates.map(map) };
    case "MultiPolygon":
      return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(map)) };
  }
}

/** What is wrong with a position as longitude and latitude, and what to do about it; undefined when nothing is. */
export function positionProblem([longitude, latitude]: Position):
  | { readonly problem: string; readonly hint: string }
  | undefined {
  if (Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90) return undefined;
  const problem = `[${longitude}, ${latitude}] is no longitude and latitude`;
  if (Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180) {
    return { problem, hint: `Swap the numbers: longitude comes first, [${latitude}, ${longitude}].` };
  }
  if (Math.abs(longitude) > 1000 || Math.abs(latitude) > 1000) {
    return {
      problem: `${problem}, it looks like metres`,
      hint: "Reproject to WGS 84: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson",
    };
  }
  return { problem, hint: "Give degrees: longitude from -180 to 180, latitude from -90 to 90." };
}

/** Whether a line steps over the antimeridian: from one position to the next by more than half the earth. */
export function crossesAntimeridian(line: readonly Position[]): boolean {
  return line.some(([longitude], index) => Math.abs(longitude - (line[index - 1]?.[0] ?? longitude)) > 180);
}

/** West, south, east, north of all positions; undefined when there are none. */
export function boundsOf(geometries: readonly Geometry[]): readonly [number, number, number, number] | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    for (const line of linesOf(geometry)) {
      for (const [longitude, latitude] of line) {
        west = Math.min(west, longitude);
        east = Math.max(east, longitude);
        south = Math.min(south, latitude);
        north = Math.max(north, latitude);
      }
    }
  }
  return west > east ? undefined : [west, south, east, north];
}
