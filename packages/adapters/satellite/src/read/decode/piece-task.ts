import { float16, fromShortFloat } from "@stargate/kernel/backend";
import type { TaskContext } from "@stargate/kernel";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { bytesOfDtype, createRasterValues, rasterValuesOf } from "../raster-arrays.ts";
import type { PictureLayout } from "../tiff/picture-layout.ts";
import { release } from "./release.ts";
import { expand } from "./expand.ts";
import { swapBytes, undoDifferences, undoFloatPredictor } from "./predictor.ts";
import { unpackBits } from "./unpack-bits.ts";

/** One compressed chunk and where it lies in the piece; left and top may be negative. */
export interface PieceChunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly left: number;
  readonly top: number;
  /** Rows it has; the last strip may have fewer. */
  readonly rows: number;
}

/** A rectangle of a picture to be decoded; structured-cloneable. */
export interface PieceInput {
  readonly layout: PictureLayout;
  readonly isLittleEndian: boolean;
  /** Which sample of those in a chunk. */
  readonly chunkSample: number;
  readonly jpegTables?: Uint8Array<ArrayBuffer> | undefined;
  readonly lercParameters?: readonly number[] | undefined;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** What stands where no chunk was ever written. */
  readonly fill: number;
  readonly chunks: readonly PieceChunk[];
}

/** Decodes the chunks of a piece in a task. Throws SG_INPUT_CORRUPT. */
export async function decodePiece(input: PieceInput, context: TaskContext): Promise<RasterValues> {
  const numbers = await decodeChunks(input);
  context.transfer([numbers.buffer]);
  return numbers;
}

/** Numbers of a piece, row by row; its chunks are decoded several at once. Throws SG_INPUT_CORRUPT. */
export async function decodeChunks(input: PieceInput): Promise<RasterValues> {
  const { layout, widthPixels, heightPixels, chunks, fill } = input;
  const output = createRasterValues(layout.dtype, widthPixels * heightPixels);
  if (fill !== 0) output.fill(fill);
  await Promise.all(
    chunks.map(async (chunk) => {
      const numbers = await decodeChunk(chunk, input);
      place(numbers, chunk, input, output);
      if (layout.compression !== "none") release(numbers);
    }),
  );
  return output;
}

async function decodeChunk(chunk: PieceChunk, input: PieceInput): Promise<RasterValues> {
  const { layout } = input;
  const { bitsPerSample, chunkSamples, dtype } = layout;
  const rowNumbers = layout.chunkWidth * chunkSamples;
  const isPacked = bitsPerSample % 8 !== 0;
  const sizeBytes = Math.ceil(bitsPerSample / 8);
  const wantedBytes = chunk.rows * (isPacked ? Math.ceil((rowNumbers * bitsPerSample) / 8) : rowNumbers * sizeBytes);
  const expanded = await expand(chunk.bytes, { ...layout, ...input, wantedBytes });
  const bytes = expanded.subarray(0, wantedBytes);
  if (isPacked) {
    const numbers = createRasterValues(dtype, chunk.rows * rowNumbers) as Uint8Array<ArrayBuffer>; // unsigned by the layout
    return unpackBits(numbers instanceof Uint8Array ? bytes : bytes, numbers, { rowNumbers, bits: bitsPerSample });
  }
  if (layout.predictor === 3)
    return asNumbers(undoFloatPredictor(bytes, { rowNumbers, samples: chunkSamples, sizeBytes }), layout);
  // LERC and JPEG give numbers of this machine's order.
  const isNative = layout.compression === "lerc" || layout.compression === "jpeg";
  const owned =
    layout.compression === "none" && (layout.predictor === 2 || !input.isLittleEndian) ? bytes.slice() : bytes;
  if (!input.isLittleEndian && sizeBytes > 1 && !isNative) swapBytes(owned, sizeBytes);
  if (layout.predictor === 2 && !isNative) {
    const unsigned = ({ 1: "uint8", 2: "uint16", 4: "uint32" } as const)[sizeBytes];
    if (unsigned !== undefined) {
      const aligned = owned.byteOffset % sizeBytes === 0 ? owned : owned.slice();
      undoDifferences(rasterValuesOf(unsigned, aligned) as Uint16Array, rowNumbers, chunkSamples); // unsigned, see above
      return asNumbers(aligned, layout);
    }
  }
  return asNumbers(owned, layout);
}

function asNumbers(bytes: Uint8Array<ArrayBuffer>, { dtype, isHalfFloat }: PictureLayout): RasterValues {
  if (!isHalfFloat) return rasterValuesOf(dtype, bytes);
  return Float32Array.from(rasterValuesOf("uint16", bytes), (bits) => fromShortFloat(float16, bits));
}

function place(numbers: RasterValues, chunk: PieceChunk, input: PieceInput, output: RasterValues): void {
  const { layout, widthPixels, heightPixels, chunkSample } = input;
  const { chunkWidth, chunkSamples } = layout;
  const fromX = Math.max(0, -chunk.left);
  const toX = Math.min(chunkWidth, widthPixels - chunk.left);
  const fromY = Math.max(0, -chunk.top);
  const toY = Math.min(chunk.rows, heightPixels - chunk.top);
  for (let y = fromY; y < toY; y++) {
    const target = (chunk.top + y) * widthPixels + chunk.left;
    const row = y * chunkWidth;
    if (chunkSamples === 1) output.set(numbers.subarray(row + fromX, row + toX), target + fromX);
    else for (let x = fromX; x < toX; x++) output[target + x] = numbers[(row + x) * chunkSamples + chunkSample] ?? 0;
  }
}

/** Bytes a chunk takes when it is decoded. */
export function chunkBytes({ chunkWidth, chunkHeight, chunkSamples, dtype }: PictureLayout): number {
  return chunkWidth * chunkHeight * chunkSamples * bytesOfDtype(dtype);
}

/** Memory that may be moved to the task with its input. */
export function buffersOf({ chunks }: PieceInput): readonly ArrayBuffer[] {
  return [...new Set(chunks.map(({ bytes }) => bytes.buffer))];
}
