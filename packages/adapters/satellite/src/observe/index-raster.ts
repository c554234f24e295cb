import { defineTask, type RunContext } from "@stargate/kernel";
import { windowGrid } from "../grid/affine.ts";
import type { Grid, PixelWindow } from "../grid/grid.ts";
import { isIndexName } from "../indices/index-catalogue.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { OpenScene } from "../read/open-scene.ts";
import { writeTiff } from "../write/write-tiff.ts";
import { blockInput } from "./block-bands.ts";
import type { IndexBlock, IndexTiles } from "./index-block-task.ts";
import { planBlocks } from "./plan-blocks.ts";

const computeBlock = defineTask<IndexBlock, IndexTiles>({
  base: import.meta.url,
  module: "./index-block-task",
  export: "indexBlock",
});

/** Blocks under way at once: some are read, some computed; a row of them waits to be written. */
const BLOCKS_AT_ONCE = 4;

export interface IndexRasterOptions {
  readonly index: string;
  readonly grid: Grid;
  /** For each pixel of the grid whether it is wanted; absent: all are. */
  readonly inside?: Uint8Array | undefined;
  readonly compression: "none" | "deflate";
}

export interface IndexRaster {
  readonly raster: Raster;
  readonly observedPixels: number;
  readonly wantedPixels: number;
}

/** One band of an index made of a scene, as a GeoTIFF in the run's temporary place; memory holds a few rows of tiles. */
export async function indexRaster(
  scene: OpenScene,
  { index, grid, inside, compression }: IndexRasterOptions,
  context: Pick<RunContext, "offload" | "scratch" | "signal" | "progress">,
): Promise<IndexRaster> {
  const { widthPixels, heightPixels } = grid;
  let observedPixels = 0;
  const compute = async (block: PixelWindow): Promise<IndexTiles> => {
    const { buffers, ...input } = await blockInput(scene, windowGrid(grid, block));
    const wanted = inside === undefined ? undefined : cutOut(inside, widthPixels, block);
    return context.offload(
      computeBlock,
      {
        index,
        ...input,
        widthPixels: block.widthPixels,
        heightPixels: block.heightPixels,
        inside: wanted,
        compression,
      },
      { signal: context.signal, transfer: wanted === undefined ? buffers : [...buffers, wanted.buffer] },
    );
  };
  async function* tiles(): AsyncGenerator<Uint8Array> {
    const rows = planBlocks(grid, scene);
    const done = inOrder(rows.flat(), compute, BLOCKS_AT_ONCE);
    for (const blocks of rows) {
      const row: IndexTiles[] = [];
      for (let block = 0; block < blocks.length; block++) {
        const { value } = await done.next();
        if (value !== undefined) row.push(value);
      }
      observedPixels += row.reduce((sum, { observed }) => sum + observed, 0);
      const [first] = row;
      for (let line = 0; line < (first?.rows.length ?? 0); line++)
        for (const block of row) yield* block.rows[line] ?? [];
      const [{ row: top, heightPixels: height } = { row: 0, heightPixels: 0 }] = blocks;
      context.progress((top + height) * widthPixels, heightPixels * widthPixels);
    }
  }
  const band = isIndexName(index) ? index : "index";
  const blob = await writeTiff(
    { grid, dtype: "float32", compression, nodata: Number.NaN, description: index },
    tiles(),
    context,
  );
  const { raster } = scene;
  return {
    raster: {
      id: raster.id,
      product: raster.product,
      ...(raster.acquiredAt !== undefined && { acquiredAt: raster.acquiredAt }),
      ...(raster.catalogue !== undefined && { catalogue: raster.catalogue }),
      bands: [{ name: band, holds: "index", source: { kind: "file", blob }, sample: 0, dtype: "float32", grid }],
    },
    observedPixels,
    wantedPixels: inside === undefined ? widthPixels * heightPixels : countOnes(inside),
  };
}

/** Does something for each of a list, several at once; results come in the order of the list. */
async function* inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce: number,
): AsyncGenerator<Result, undefined> {
  const pending: Promise<Result>[] = [];
  for (const item of items) {
    const begun = work(item);
    begun.catch(() => undefined); // awaited in its turn
    pending.push(begun);
    if (pending.length < atOnce) continue;
    yield await (pending.shift() as Promise<Result>); // one was just begun
  }
  for (const begun of pending) yield await begun;
}

function cutOut(mask: Uint8Array, rowPixels: number, { column, row, widthPixels, heightPixels }: PixelWindow) {
  const part = new Uint8Array(widthPixels * heightPixels);
  for (let y = 0; y < heightPixels; y++) {
    const start = (row + y) * rowPixels + column;
    part.set(mask.subarray(start, start + widthPixels), y * widthPixels);
  }
  return part;
}

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (const value of mask) count += value;
  return count;
}
