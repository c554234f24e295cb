import { deflateSync } from "node:zlib";
import type { TaskContext } from "@stargate/kernel";
import { indexOrExpression } from "../indices/index-catalogue.ts";
import { TILE_PIXELS } from "../write/tiff-layout.ts";

/** Rows of a scene as high as a tile; structured-cloneable. */
export interface IndexStripe {
  /** Name of an index, or an expression. */
  readonly index: string;
  /** Reflectance by band; NaN where nothing clear was observed. */
  readonly bands: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** For each pixel whether it is wanted; absent: all are. */
  readonly inside?: Uint8Array<ArrayBuffer> | undefined;
  readonly compression: "none" | "deflate";
}

export interface IndexTiles {
  /** Tiles from left to right, ready to be written. */
  readonly tiles: readonly Uint8Array<ArrayBuffer>[];
  /** Pixels that have a value. */
  readonly observed: number;
}

/** Steps of an index that are kept: 1/16384, finer than any sensor, and much smaller when compressed. */
const STEPS = 16_384;
/** zlib's fastest: others are several times slower and save a few per cent. */
const DEFLATE_LEVEL = 1;

/** Computes an index over a stripe: NaN where nothing was observed. Throws SG_SATELLITE_EXPRESSION. */
export function indexStripe(stripe: IndexStripe, context: TaskContext): IndexTiles {
  const { index, bands, widthPixels, heightPixels, inside, compression } = stripe;
  const values = indexOrExpression(index).evaluate(bands);
  let observed = 0;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel] ?? Number.NaN;
    if (inside?.[pixel] === 0 || !Number.isFinite(value)) values[pixel] = Number.NaN;
    else {
      observed += 1;
      if (compression === "deflate") values[pixel] = Math.round(value * STEPS) / STEPS;
    }
  }
  const tiles = Array.from({ length: Math.ceil(widthPixels / TILE_PIXELS) }, (_, tile) => {
    const bytes = cutTile(values, tile * TILE_PIXELS, { widthPixels, heightPixels });
    return compression === "none" ? bytes : new Uint8Array(deflateSync(bytes, { level: DEFLATE_LEVEL }));
  });
  context.transfer(tiles.map(({ buffer }) => buffer));
  return { tiles, observed };
}

/** A whole tile, the part outside of the picture empty. */
function cutTile(
  values: Float32Array,
  column: number,
  { widthPixels, heightPixels }: Pick<IndexStripe, "widthPixels" | "heightPixels">,
): Uint8Array<ArrayBuffer> {
  const tile = new Float32Array(TILE_PIXELS * TILE_PIXELS).fill(Number.NaN);
  const width = Math.min(TILE_PIXELS, widthPixels - column);
  for (let row = 0; row < heightPixels; row++) {
    const start = row * widthPixels + column;
    tile.set(values.subarray(start, start + width), row * TILE_PIXELS);
  }
  return new Uint8Array(tile.buffer);
}
