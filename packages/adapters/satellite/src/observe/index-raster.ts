import { defineTask, type RunContext } from "@stargate/kernel";
import { windowGrid } from "../grid/affine.ts";
import type { Grid } from "../grid/grid.ts";
import { isIndexName } from "../indices/index-catalogue.ts";
import type { Raster } from "../modalities/raster/raster-schema.ts";
import type { OpenScene } from "../read/open-scene.ts";
import { TILE_PIXELS } from "../write/tiff-layout.ts";
import { writeTiff } from "../write/write-tiff.ts";
import type { IndexStripe, IndexTiles } from "./index-stripe-task.ts";

const computeStripe = defineTask<IndexStripe, IndexTiles>({
  base: import.meta.url,
  module: "./index-stripe-task",
  export: "indexStripe",
});

/** Stripes under way at once: one is read while the one before is computed. */
const STRIPES_AT_ONCE = 3;

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
  const stripe = async (row: number): Promise<IndexTiles> => {
    const height = Math.min(TILE_PIXELS, heightPixels - row);
    const window = { column: 0, row, widthPixels, heightPixels: height };
    const { bands } = await scene.read(windowGrid(grid, window));
    const wanted = inside?.slice(row * widthPixels, (row + height) * widthPixels);
    return context.offload(
      computeStripe,
      { index, bands, widthPixels, heightPixels: height, inside: wanted as Uint8Array<ArrayBuffer>, compression },
      { signal: context.signal, transfer: Object.values(bands).map(({ buffer }) => buffer) },
    );
  };
  async function* tiles(): AsyncGenerator<Uint8Array> {
    const pending: Promise<IndexTiles>[] = [];
    let next = 0;
    for (let row = 0; row < heightPixels; row += TILE_PIXELS) {
      while (pending.length < STRIPES_AT_ONCE && next < heightPixels) {
        const begun = stripe(next);
        begun.catch(() => undefined); // awaited in its turn
        pending.push(begun);
        next += TILE_PIXELS;
      }
      const done = await (pending.shift() as Promise<IndexTiles>); // one was just begun, or waits
      observedPixels += done.observed;
      yield* done.tiles;
      context.progress(Math.min(row + TILE_PIXELS, heightPixels) * widthPixels, heightPixels * widthPixels);
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

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (const value of mask) count += value;
  return count;
}
