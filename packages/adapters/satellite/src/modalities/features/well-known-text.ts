import type { Geometry, Position } from "./features-schema.ts";

/** Well-known text (OGC Simple Features, 7): "POLYGON ((14.5 46, ...))". Heights are left out. */
export function wellKnownText(geometry: Geometry): string {
  const name = geometry.type.toUpperCase();
  switch (geometry.type) {
    case "Point":
      return `${name} (${pair(geometry.coordinates)})`;
    case "MultiPoint":
      return `${name} (${geometry.coordinates.map((position) => `(${pair(position)})`).join(", ")})`;
    case "LineString":
      return `${name} ${line(geometry.coordinates)}`;
    case "MultiLineString":
    case "Polygon":
      return `${name} ${lines(geometry.coordinates)}`;
    case "MultiPolygon":
      return `${name} (${geometry.coordinates.map(lines).join(", ")})`;
  }
}

function lines(coordinates: readonly (readonly Position[])[]): string {
  return `(${coordinates.map(line).join(", ")})`;
}

function line(positions: readonly Position[]): string {
  return `(${positions.map(pair).join(", ")})`;
}

function pair([longitude, latitude]: Position): string {
  return `${longitude} ${latitude}`;
}
