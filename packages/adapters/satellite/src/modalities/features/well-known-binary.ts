import type { Geometry, Position } from "./features-schema.ts";

/** Numbers of geometries (OGC Simple Features, 8.2.3). */
const codes = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
} as const satisfies Record<Geometry["type"], number>;

/** Well-known binary, little endian, two dimensions. */
export function wellKnownBinary(geometry: Geometry): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  writeGeometry(geometry, chunks);
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function writeGeometry({ type, coordinates }: Geometry, chunks: Uint8Array[]): void {
  chunks.push(header(codes[type]));
  switch (type) {
    case "Point":
      chunks.push(numbers([coordinates]));
      return;
    case "LineString":
      writeLine(coordinates, chunks);
      return;
    case "Polygon":
      chunks.push(count(coordinates.length));
      for (const ring of coordinates) writeLine(ring, chunks);
      return;
    case "MultiPoint":
      chunks.push(count(coordinates.length));
      for (const position of coordinates) writeGeometry({ type: "Point", coordinates: position }, chunks);
      return;
    case "MultiLineString":
      chunks.push(count(coordinates.length));
      for (const line of coordinates) writeGeometry({ type: "LineString", coordinates: line }, chunks);
      return;
    case "MultiPolygon":
      chunks.push(count(coordinates.length));
      for (const rings of coordinates) writeGeometry({ type: "Polygon", coordinates: rings }, chunks);
  }
}

function writeLine(positions: readonly Position[], chunks: Uint8Array[]): void {
  chunks.push(count(positions.length), numbers(positions));
}

function header(code: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(5));
  view.setUint8(0, 1); // little endian
  view.setUint32(1, code, true);
  return new Uint8Array(view.buffer);
}

function count(items: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, items, true);
  return new Uint8Array(view.buffer);
}

function numbers(positions: readonly Position[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(positions.length * 16));
  for (const [index, [longitude, latitude]] of positions.entries()) {
    view.setFloat64(index * 16, longitude, true);
    view.setFloat64(index * 16 + 8, latitude, true);
  }
  return new Uint8Array(view.buffer);
}
