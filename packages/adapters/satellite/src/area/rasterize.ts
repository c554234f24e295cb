import type { Projection } from "../grid/crs.ts";
import { inverted, toPlace } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import type { Polygonal, Position } from "../modalities/features/features-schema.ts";

/** Edges are straight in degrees; longer ones are brought onto the grid in pieces of this length. */
const MAX_EDGE_DEGREES = 0.02;
/** Most pieces of one edge: a whole circle of the earth in pieces of its length. */
const MAX_PIECES = 18_000;

/** From [longitude, latitude] to the units of the grid: `projectionBetween("EPSG:4326", grid.crs)`. */
export interface RasterizeOptions {
  readonly grid: Grid;
  readonly fromLonLat: Projection;
}

/** 1 for every pixel of the grid whose centre lies in the polygons, row by row; holes are outside (even-odd rule). */
export function rasterize(geometry: Polygonal, options: RasterizeOptions): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(options.grid.widthPixels * options.grid.heightPixels);
  forEachPixelInside(geometry, options, (pixel) => {
    mask[pixel] = 1;
  });
  return mask;
}

/** Calls once for each pixel of the grid whose centre lies in the polygons. Linear in the crossings of edges and rows. */
export function forEachPixelInside(
  geometry: Polygonal,
  { grid, fromLonLat }: RasterizeOptions,
  visit: (pixel: number) => void,
): void {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const toPixel = inverted(grid.affine);
  const { widthPixels, heightPixels } = grid;
  const place = ([longitude, latitude]: Position): readonly [number, number] =>
    toPlace(toPixel, ...fromLonLat(longitude, latitude));
  // Each polygon on its own: overlapping ones must not cancel.
  for (const rings of polygons) {
    const crossings = new Map<number, number[]>();
    for (const ring of rings) {
      for (let index = 1; index < ring.length; index++) {
        const from = ring[index - 1];
        const to = ring[index];
        if (from !== undefined && to !== undefined) crossEdge(from, to, { place, heightPixels, crossings });
      }
    }
    for (const [row, columns] of crossings) {
      columns.sort((a, b) => a - b);
      for (let pair = 0; pair + 1 < columns.length; pair += 2) {
        const first = Math.max(0, Math.ceil((columns[pair] ?? 0) - 0.5));
        const end = Math.min(widthPixels, Math.ceil((columns[pair + 1] ?? 0) - 0.5));
        for (let column = first; column < end; column++) visit(row * widthPixels + column);
      }
    }
  }
}

interface Crossing {
  readonly place: (position: Position) => readonly [number, number];
  readonly heightPixels: number;
  /** Columns in which edges cross the middle of a row. */
  readonly crossings: Map<number, number[]>;
}

function crossEdge(from: Position, to: Position, { place, heightPixels, crossings }: Crossing): void {
  const [width, height] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.max(Math.abs(width), Math.abs(height));
  const pieces = Math.min(MAX_PIECES, Math.max(1, Math.ceil(length / MAX_EDGE_DEGREES)));
  let [column, row] = place(from);
  for (let piece = 1; piece <= pieces; piece++) {
    const share = piece / pieces;
    const [nextColumn, nextRow] = place(piece === pieces ? to : [from[0] + width * share, from[1] + height * share]);
    const firstRow = Math.max(0, Math.ceil(Math.min(row, nextRow) - 0.5));
    const endRow = Math.min(heightPixels, Math.ceil(Math.max(row, nextRow) - 0.5));
    for (let at = firstRow; at < endRow; at++) {
      const crossed = column + ((at + 0.5 - row) / (nextRow - row)) * (nextColumn - column);
      const columns = crossings.get(at);
      if (columns === undefined) crossings.set(at, [crossed]);
      else columns.push(crossed);
    }
    [column, row] = [nextColumn, nextRow];
  }
}
