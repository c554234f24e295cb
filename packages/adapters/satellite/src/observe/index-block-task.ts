import { deflateSync } from "node:zlib";
import type { TaskContext } from "@stargate/kernel";
import type { BandWindow } from "../indices/compile-expression.ts";
import { indexOrExpression } from "../indices/index-catalogue.ts";
import { pixelStates } from "../mask/clear-pixels.ts";
import { buffersOf, decodeChunks, type PieceInput } from "../read/decode/piece-task.ts";
import { release } from "../read/decode/release.ts";
import { TILE_PIXELS } from "../write/tiff-layout.ts";

/** A band of a block: as it lies in its file, where the block has the band's own pixels; else read already. */
export type BlockBand =
  | {
      readonly kind: "chunks";
      readonly piece: PieceInput;
      readonly nodata: number | undefined;
      readonly scale: number;
      readonly offset: number;
    }
  /** The quantity itself; NaN where nothing clear was observed. */
  | { readonly kind: "values"; readonly values: Float32Array<ArrayBuffer> };

/** The mask of a block as it lies in its file, on larger, smaller or shifted pixels. */
export interface BlockMask {
  readonly piece: PieceInput;
  readonly nodata: number | undefined;
  /** 1 for each number that is clear. */
  readonly isClear: Uint8Array;
  /** Column and row of the piece under each column and row of the block; -1 outside. */
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** A rectangle of a scene that begins where tiles do; structured-cloneable. */
export interface IndexBlock {
  /** Name of an index, or an expression. */
  readonly index: string;
  readonly bands: Readonly<Record<string, BlockBand>>;
  /** See `pixelStates`; absent where there is a mask, or all pixels are clear. */
  readonly states?: Uint8Array<ArrayBuffer> | undefined;
  readonly mask?: BlockMask | undefined;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** For each pixel whether it is wanted; absent: all are. */
  readonly inside?: Uint8Array<ArrayBuffer> | undefined;
  readonly compression: "none" | "deflate";
}

export interface IndexTiles {
  /** Rows of tiles, each from left to right, ready to be written. */
  readonly rows: readonly (readonly Uint8Array<ArrayBuffer>[])[];
  /** Pixels that have a value. */
  readonly observed: number;
}

/** Steps of an index that are kept: 1/16384, finer than any sensor, and much smaller when compressed. */
const STEPS = 16_384;
/** zlib's fastest: others are several times slower and save a few per cent. */
const DEFLATE_LEVEL = 1;

/**
 * Computes an index over a block, tile by tile, so that what it works on stays in the processor's cache: NaN where nothing
 * was observed. Throws SG_SATELLITE_EXPRESSION and SG_INPUT_CORRUPT.
 */
export async function indexBlock(block: IndexBlock, context: TaskContext): Promise<IndexTiles> {
  const { widthPixels, heightPixels, compression } = block;
  const expression = indexOrExpression(block.index);
  const bands: [string, Omit<BandWindow, "start">][] = [];
  for (const [name, band] of Object.entries(block.bands)) bands.push([name, await numbersOf(band, widthPixels)]);
  const states = block.mask === undefined ? block.states : await statesOf(block.mask);
  let observed = 0;

  function computeTile(column: number, row: number): Float32Array<ArrayBuffer> {
    const width = Math.min(TILE_PIXELS, widthPixels - column);
    const height = Math.min(TILE_PIXELS, heightPixels - row);
    const pixels = width * height;
    const tile = new Float32Array(TILE_PIXELS * TILE_PIXELS);
    const output = tile.subarray(0, pixels);
    const start = row * widthPixels + column;
    expression.evaluateWindow(
      Object.fromEntries(bands.map(([name, band]) => [name, { ...band, start }])),
      { width, height },
      output,
    );
    observed += keepObserved(output, { column, row, width, height }, { ...block, states });
    if (pixels < tile.length) spread(tile, width, height);
    return tile;
  }

  const rows = Array.from({ length: Math.ceil(heightPixels / TILE_PIXELS) }, (_, down) =>
    Array.from({ length: Math.ceil(widthPixels / TILE_PIXELS) }, (_, across) => {
      const bytes = new Uint8Array(computeTile(across * TILE_PIXELS, down * TILE_PIXELS).buffer);
      return compression === "none" ? bytes : new Uint8Array(deflateSync(bytes, { level: DEFLATE_LEVEL }));
    }),
  );
  for (const [, { values }] of bands) release(values);
  context.transfer(rows.flatMap((row) => row.map(({ buffer }) => buffer)));
  return { rows, observed };
}

/** A part of a block. */
interface Part {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

async function numbersOf(band: BlockBand, rowPixels: number): Promise<Omit<BandWindow, "start">> {
  if (band.kind === "values") return { values: band.values, rowPixels, scale: 1, offset: 0, nodata: undefined };
  const { piece, scale, offset, nodata } = band;
  const values = await decodeChunks(piece);
  for (const buffer of buffersOf(piece)) release({ buffer });
  return { values, rowPixels, scale, offset, nodata };
}

/** State of each pixel of a block, by the pixel of the mask under its middle. */
async function statesOf({ piece, nodata, isClear, columns, rows }: BlockMask): Promise<Uint8Array<ArrayBuffer>> {
  const numbers = await decodeChunks(piece);
  const states = new Uint8Array(columns.length * rows.length);
  for (const [y, row] of rows.entries()) {
    if (row < 0) continue;
    const start = row * piece.widthPixels;
    const target = y * columns.length;
    for (let x = 0; x < columns.length; x++) {
      const column = columns[x] as number; // within bounds
      const value = column < 0 ? nodata : (numbers[start + column] as number); // within bounds
      if (value !== undefined && value !== nodata)
        states[target + x] = isClear[value] === 1 ? pixelStates.clear : pixelStates.masked;
    }
  }
  for (const buffer of buffersOf(piece)) release({ buffer });
  return states;
}

/** Leaves nothing but numbers of clear, wanted pixels, and counts them. */
function keepObserved(
  output: Float32Array,
  { column, row, width, height }: Part,
  { states, inside, widthPixels, compression }: IndexBlock,
): number {
  const isRounded = compression === "deflate";
  let observed = 0;
  if (states === undefined && inside === undefined && !isRounded) {
    for (let pixel = 0; pixel < output.length; pixel++) if (!Number.isNaN(output[pixel])) observed += 1;
    return observed;
  }
  for (let y = 0; y < height; y++) {
    const start = (row + y) * widthPixels + column;
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const value = output[pixel] as number; // within bounds
      const isHidden =
        (states !== undefined && states[start + x] !== pixelStates.clear) ||
        (inside !== undefined && inside[start + x] === 0);
      if (isHidden || Number.isNaN(value)) output[pixel] = Number.NaN;
      else {
        observed += 1;
        if (isRounded) output[pixel] = Math.round(value * STEPS) / STEPS;
      }
    }
  }
  return observed;
}

/** Moves the rows of a part to where they lie in a whole tile; what is outside of the picture is empty. */
function spread(tile: Float32Array, width: number, height: number): void {
  for (let row = height - 1; row >= 0; row--) {
    tile.copyWithin(row * TILE_PIXELS, row * width, (row + 1) * width);
    tile.fill(Number.NaN, row * TILE_PIXELS + width, (row + 1) * TILE_PIXELS);
  }
  tile.fill(Number.NaN, height * TILE_PIXELS);
}
