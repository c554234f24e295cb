import type { Grid, PixelWindow } from "../grid/grid.ts";
import type { OpenScene } from "../read/open-scene.ts";
import { TILE_PIXELS } from "../write/tiff-layout.ts";

/** Pixels of one block, more or less: enough that the way to a task does not matter, little enough that several fit in memory. */
const BLOCK_PIXELS = 512 * 1024;
/** Highest pieces of a band that blocks are fitted to; higher ones are decoded more than once. */
const MAX_CHUNK_PIXELS = 2048;

/**
 * Cuts a grid into rows of blocks. Each begins where a tile of the result does, and, where the bands allow it, where pieces of
 * their files do, so that none is decoded twice.
 */
export function planBlocks(grid: Grid, { bands }: Pick<OpenScene, "bands">): readonly (readonly PixelWindow[])[] {
  const chunks = bands.flatMap(({ open }) => open.chunks ?? []);
  const height = wholeTiles(Math.max(...chunks.map(({ heightPixels }) => Math.min(heightPixels, MAX_CHUNK_PIXELS)), 1));
  const chunkWidth = wholeTiles(Math.max(...chunks.map(({ widthPixels }) => widthPixels), 1));
  const width = Math.max(1, Math.floor(BLOCK_PIXELS / height / chunkWidth)) * chunkWidth;
  const rows: PixelWindow[][] = [];
  for (let row = 0; row < grid.heightPixels; row += height) {
    const blocks: PixelWindow[] = [];
    for (let column = 0; column < grid.widthPixels; column += width)
      blocks.push({
        column,
        row,
        widthPixels: Math.min(width, grid.widthPixels - column),
        heightPixels: Math.min(height, grid.heightPixels - row),
      });
    rows.push(blocks);
  }
  return rows;
}

const wholeTiles = (pixels: number): number => Math.ceil(pixels / TILE_PIXELS) * TILE_PIXELS;
