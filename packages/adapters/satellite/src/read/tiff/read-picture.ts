import { defineTask, type Offload, throwIfCancelled } from "@stargate/kernel";
import type { PixelWindow } from "../../grid/grid.ts";
import type { RasterValues } from "../../modalities/raster/raster-schema.ts";
import { buffersOf, chunkBytes, type PieceChunk, type PieceInput } from "../decode/piece-task.ts";
import { createRasterValues } from "../raster-arrays.ts";
import { type ChunkRun, lookUpChunks } from "./chunk-index.ts";
import type { Directory } from "./directory.ts";
import { nodataOf } from "./gdal-metadata.ts";
import type { PictureLayout } from "./picture-layout.ts";
import { tags } from "./tags.ts";
import type { TiffFile } from "./tiff-file.ts";

const decodePiece = defineTask<PieceInput, RasterValues>({
  base: import.meta.url,
  module: "../decode/piece-task",
  export: "decodePiece",
});

/** Decoded bytes of one task: enough that the way there does not matter, little enough that several fit in memory. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Pieces that are read or decoded at the same time. */
const IN_FLIGHT = 4;

export interface Picture {
  readonly directory: Directory;
  readonly layout: PictureLayout;
}

/** What reading a window of one sample needs. */
export interface PictureWindow {
  readonly window: PixelWindow;
  readonly sample: number;
  readonly signal: AbortSignal;
}

/**
 * Numbers of a window of one sample, row by row. The window lies inside the picture. Chunks are read in ranges and decoded
 * in tasks, four pieces at a time, so that memory is that of the result and of four pieces. Throws SG_INPUT_CORRUPT, what
 * the source throws, and the cancellation.
 */
export async function readPicture(
  file: TiffFile,
  picture: Picture,
  { offload, ...wanted }: PictureWindow & { readonly offload: Offload },
): Promise<RasterValues> {
  const { layout } = picture;
  const { window, signal } = wanted;
  const output = createRasterValues(layout.dtype, window.widthPixels * window.heightPixels);

  async function readPiece(piece: Piece): Promise<void> {
    throwIfCancelled(signal, "Reading");
    const part = windowOf(piece, layout, window);
    const input = await fetchWindow(file, picture, { ...wanted, window: part }, pieces.length === 1);
    const numbers = await offload(decodePiece, input, { signal, transfer: buffersOf(input) });
    const width = part.widthPixels;
    for (let y = 0; y < part.heightPixels; y++)
      output.set(
        numbers.subarray(y * width, (y + 1) * width),
        (part.row - window.row + y) * window.widthPixels + part.column - window.column,
      );
  }

  const pieces = planPieces(layout, window);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) await readPiece(piece);
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, pieces.length) }, work));
  return output;
}

/**
 * The chunks under a window, still compressed: what a task makes numbers of. `isAll`: nothing more is wanted for now. Throws
 * SG_INPUT_CORRUPT and what the source throws.
 */
export async function fetchWindow(
  file: TiffFile,
  { directory, layout }: Picture,
  { window, sample, signal }: PictureWindow,
  isAll = false,
): Promise<PieceInput> {
  const plane = layout.chunkSamples === 1 ? sample * layout.chunksAcross * layout.chunksDown : 0;
  const piece = chunksUnder(layout, window);
  const across = piece.endX - piece.firstX;
  const runs = Array.from({ length: piece.endY - piece.firstY }, (_, row): ChunkRun => ({
    first: plane + (piece.firstY + row) * layout.chunksAcross + piece.firstX,
    count: across,
  }));
  const places = await lookUpChunks(file, { directory, layout }, runs, signal);
  const { reader } = file;
  const written = places.flatMap((range, index) => (range.lengthBytes === 0 ? [] : [{ range, index }]));
  const ranges = written.map(({ range }) => range);
  const total = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
  // Small windows of an address are looked at again and again (a map); big ones are read once.
  const isKept = !reader.source.isLocal && total <= PIECE_BYTES / 4 && isAll;
  const read = await (isKept ? reader.read(ranges, signal) : reader.readOnce(ranges, signal));
  const chunks = written.map(({ index }, at): PieceChunk => {
    const y = (piece.firstY + Math.floor(index / across)) * layout.chunkHeight;
    return {
      bytes: read[at] ?? new Uint8Array(0),
      left: (piece.firstX + (index % across)) * layout.chunkWidth - window.column,
      top: y - window.row,
      rows: layout.isTiled ? layout.chunkHeight : Math.min(layout.chunkHeight, layout.heightPixels - y),
    };
  });
  return {
    layout,
    isLittleEndian: file.format.isLittleEndian,
    chunkSample: layout.chunkSamples === 1 ? 0 : sample,
    jpegTables: directory.bytes(tags.jpegTables),
    lercParameters: directory.numbers(tags.lercParameters),
    fill: nodataOf(directory) ?? 0,
    widthPixels: window.widthPixels,
    heightPixels: window.heightPixels,
    chunks,
  };
}

/** A rectangle of chunks, its ends not included. */
interface Piece {
  readonly firstX: number;
  readonly endX: number;
  readonly firstY: number;
  readonly endY: number;
}

function chunksUnder(layout: PictureLayout, window: PixelWindow): Piece {
  return {
    firstX: Math.floor(window.column / layout.chunkWidth),
    endX: Math.ceil((window.column + window.widthPixels) / layout.chunkWidth),
    firstY: Math.floor(window.row / layout.chunkHeight),
    endY: Math.ceil((window.row + window.heightPixels) / layout.chunkHeight),
  };
}

/** The part of a window that lies on a piece. */
function windowOf(piece: Piece, layout: PictureLayout, window: PixelWindow): PixelWindow {
  const column = Math.max(window.column, piece.firstX * layout.chunkWidth);
  const row = Math.max(window.row, piece.firstY * layout.chunkHeight);
  const right = Math.min(window.column + window.widthPixels, piece.endX * layout.chunkWidth);
  const bottom = Math.min(window.row + window.heightPixels, piece.endY * layout.chunkHeight);
  return { column, row, widthPixels: right - column, heightPixels: bottom - row };
}

function planPieces(layout: PictureLayout, window: PixelWindow): readonly Piece[] {
  const { firstX, endX, firstY, endY } = chunksUnder(layout, window);
  const fitting = Math.max(1, Math.floor(PIECE_BYTES / chunkBytes(layout)));
  const across = Math.min(endX - firstX, fitting);
  const down = Math.max(1, Math.min(endY - firstY, Math.floor(fitting / across)));
  const pieces: Piece[] = [];
  for (let y = firstY; y < endY; y += down)
    for (let x = firstX; x < endX; x += across)
      pieces.push({ firstX: x, endX: Math.min(endX, x + across), firstY: y, endY: Math.min(endY, y + down) });
  return pieces;
}
