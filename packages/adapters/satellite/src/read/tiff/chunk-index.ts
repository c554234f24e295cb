import { fail } from "../../satellite-errors.ts";
import type { ByteRange } from "../source/byte-source.ts";
import { numbersOf, type Directory, type FieldPlace } from "./directory.ts";
import type { PictureLayout } from "./picture-layout.ts";
import { fieldBytes, tags } from "./tags.ts";
import type { TiffFile } from "./tiff-file.ts";

/** Chunks that follow one another in the index. */
export interface ChunkRun {
  readonly first: number;
  readonly count: number;
}

/** An index up to this size is read whole; of a longer one only what a window needs. */
const SMALL_INDEX_BYTES = 64 * 1024;

/**
 * Where the chunks of some runs lie, in the order of the runs; length 0 is a chunk that was never written. Of an index of a
 * million tiles only the entries of these runs are read. Throws SG_INPUT_CORRUPT when an index is too short or points
 * outside the file.
 */
export async function lookUpChunks(
  { reader, format }: TiffFile,
  { directory, layout }: { readonly directory: Directory; readonly layout: PictureLayout },
  runs: readonly ChunkRun[],
  signal: AbortSignal,
): Promise<readonly ByteRange[]> {
  const { name } = reader.source;
  const offsetsPlace = directory.place(layout.isTiled ? tags.tileOffsets : tags.stripOffsets);
  const countsPlace = directory.place(layout.isTiled ? tags.tileByteCounts : tags.stripByteCounts);
  const chunks = (layout.chunksAcross * layout.chunksDown * layout.samples) / layout.chunkSamples;
  if (
    offsetsPlace === undefined ||
    countsPlace === undefined ||
    offsetsPlace.count < chunks ||
    countsPlace.count < chunks
  )
    throw fail("SG_INPUT_CORRUPT", `${name} is damaged: its index has fewer than ${chunks} entries`);
  const little = format.isLittleEndian;
  const load = async (place: FieldPlace, extra: number): Promise<readonly Float64Array[]> => {
    const size = fieldBytes[place.type] ?? 1;
    const whole = place.count * size <= SMALL_INDEX_BYTES;
    const ranges = (whole ? [{ first: 0, count: place.count }] : runs).map(({ first, count }) => ({
      offset: place.offset + first * size,
      lengthBytes: Math.min(count + (whole ? 0 : extra), place.count - first) * size,
    }));
    const bytes = await reader.read(ranges, signal);
    if (bytes.some(({ length }, index) => length < (ranges[index]?.lengthBytes ?? 0)))
      throw fail("SG_INPUT_CORRUPT", `${name} is cut off: its index at byte ${place.offset} lies outside of it`);
    const numbers = bytes.map((part) => numbersOf(part, place.type, little));
    const all = numbers[0] ?? new Float64Array(0);
    return whole ? runs.map(({ first, count }) => all.subarray(first, first + count + extra)) : numbers;
  };
  const offsets = await load(offsetsPlace, 1);
  const guessed =
    isRowMajor(format.structure) && countsPlace.count * (fieldBytes[countsPlace.type] ?? 1) > SMALL_INDEX_BYTES;
  const fromNeighbours = guessed ? lengthsFromNeighbours(runs, offsets) : undefined;
  const counts = fromNeighbours ?? (await load(countsPlace, 0));
  const size = reader.source.sizeBytes();
  return runs.flatMap(({ first, count }, run) =>
    Array.from({ length: count }, (_, index): ByteRange => {
      const offset = offsets[run]?.[index] ?? 0;
      const lengthBytes = offset === 0 ? 0 : (counts[run]?.[index] ?? 0);
      if (size !== undefined && offset + lengthBytes > size)
        throw fail(
          "SG_INPUT_CORRUPT",
          `${name} is cut off: tile ${first + index} lies at byte ${offset}, the file ends at ${size}`,
        );
      return { offset, lengthBytes };
    }),
  );
}

/**
 * Files of GDAL's COG driver keep tiles in the order of the index, each between its length before it and its last four
 * bytes again behind it: where the next one begins says how long it is, and one request of four is saved.
 */
const isRowMajor = (structure: string): boolean =>
  structure.includes("BLOCK_ORDER=ROW_MAJOR") &&
  structure.includes("BLOCK_LEADER=SIZE_AS_UINT4") &&
  structure.includes("BLOCK_TRAILER=LAST_4_BYTES_REPEATED") &&
  !structure.includes("MASK_INTERLEAVED_WITH_IMAGERY=YES") &&
  !structure.includes("KNOWN_INCOMPATIBLE_EDITION=YES");

const LEADER_AND_TRAILER_BYTES = 8;

/** Undefined when a neighbour does not say it: the last tile, one that was never written. */
function lengthsFromNeighbours(
  runs: readonly ChunkRun[],
  offsets: readonly Float64Array[],
): readonly Float64Array[] | undefined {
  const lengths: Float64Array[] = [];
  for (const [index, { count }] of runs.entries()) {
    const row = offsets[index] ?? new Float64Array(0);
    const output = new Float64Array(count);
    for (let chunk = 0; chunk < count; chunk++) {
      const offset = row[chunk] ?? 0;
      const length = (row[chunk + 1] ?? 0) - offset - LEADER_AND_TRAILER_BYTES;
      if (offset === 0) continue;
      if (length <= 0) return undefined;
      output[chunk] = length;
    }
    lengths.push(output);
  }
  return lengths;
}
