import type { Grid } from "../grid/grid.ts";
import { TILE_PIXELS, tilesOf } from "../write/tiff-layout.ts";

/** Class of a pixel of which nothing clear was observed. */
export const NO_CLASS = 255;

/** Some rows of a scene, whole ones. */
export interface SegmentedRows {
  /** For each class, row by row. */
  readonly probabilities: readonly Float32Array[];
  /** 1 where something clear was observed. */
  readonly clear: Uint8Array;
  readonly heightPixels: number;
}

/** Tiles of a file from left to right, for each band of the output. */
type Line = readonly (readonly Uint8Array<ArrayBuffer>[])[];

/** Cuts rows, however many come at a time, into lines of tiles as files have them. */
export async function* outputLines(
  rows: AsyncIterable<SegmentedRows>,
  grid: Grid,
  output: "classes" | "probabilities",
): AsyncGenerator<Line> {
  const { widthPixels } = grid;
  let line: (Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>)[][] = [];
  let filled = 0;
  const finished = (): Line => line.map((band) => band.map(({ buffer }) => new Uint8Array(buffer)));
  for await (const { probabilities, clear, heightPixels } of rows)
    for (let row = 0; row < heightPixels; row++) {
      if (filled === 0)
        line =
          output === "classes"
            ? [emptyTiles(grid, () => new Uint8Array(TILE_PIXELS * TILE_PIXELS).fill(NO_CLASS))]
            : probabilities.map(() =>
                emptyTiles(grid, () => new Float32Array(TILE_PIXELS * TILE_PIXELS).fill(Number.NaN)),
              );
      for (let column = 0; column < widthPixels; column++) {
        const pixel = row * widthPixels + column;
        if (clear[pixel] === 0) continue;
        const place = filled * TILE_PIXELS + (column % TILE_PIXELS);
        const tile = Math.floor(column / TILE_PIXELS);
        for (const [band, tiles] of line.entries()) {
          const target = tiles[tile];
          if (target !== undefined)
            target[place] =
              output === "classes" ? likeliest(probabilities, pixel) : (probabilities[band]?.[pixel] ?? Number.NaN);
        }
      }
      filled += 1;
      if (filled < TILE_PIXELS) continue;
      yield finished();
      filled = 0;
    }
  if (filled > 0) yield finished();
}

function emptyTiles<Tile>(grid: Grid, make: () => Tile): Tile[] {
  return Array.from({ length: tilesOf(grid).across }, make);
}

/** The class of a pixel. Of a single one: 1 where it is likelier than not, else 0. */
function likeliest(probabilities: readonly Float32Array[], pixel: number): number {
  if (probabilities.length === 1) return (probabilities[0]?.[pixel] ?? 0) > 0.5 ? 1 : 0;
  let best = 0;
  for (let one = 1; one < probabilities.length; one++)
    if ((probabilities[one]?.[pixel] ?? 0) > (probabilities[best]?.[pixel] ?? 0)) best = one;
  return best;
}
