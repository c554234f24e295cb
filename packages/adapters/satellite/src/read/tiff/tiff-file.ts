import { fail } from "../../satellite-errors.ts";
import type { RangeReader } from "../source/range-reader.ts";
import { type Directory, readDirectory } from "./directory.ts";

/** Read at once: it holds every directory of a cloud-optimised file, and its index where that is small. */
export const HEADER_BYTES = 32 * 1024;

/** More directories than this are no overviews of one picture but an attack or an album. */
const MAX_DIRECTORIES = 64;

/** How a TIFF file is written. */
export interface TiffFormat {
  readonly isLittleEndian: boolean;
  readonly isBig: boolean;
  /** GDAL's structural metadata of a cloud-optimised file, empty without it: "BLOCK_LEADER=SIZE_AS_UINT4 ...". */
  readonly structure: string;
}

export interface TiffFile {
  readonly format: TiffFormat;
  readonly reader: RangeReader;
  /** The first picture. */
  readonly main: Directory;
  /** All pictures of the file; follows the chain when it is first asked. */
  directories(signal: AbortSignal): Promise<readonly Directory[]>;
}

/**
 * Opens a TIFF or BigTIFF: reads the header and the first directory, nothing else. Throws SG_INPUT_CORRUPT for what is no
 * TIFF or is cut off, and what the source throws.
 */
export async function openTiff(reader: RangeReader, signal: AbortSignal): Promise<TiffFile> {
  const [head = new Uint8Array(0)] = await reader.read([{ offset: 0, lengthBytes: HEADER_BYTES }], signal);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const { name } = reader.source;
  const order = head.length < 8 ? "" : String.fromCharCode(view.getUint8(0), view.getUint8(1));
  if (order !== "II" && order !== "MM") throw fail("SG_INPUT_CORRUPT", `${name} is no TIFF: ${beginning(head)}`);
  const isLittleEndian = order === "II";
  const version = view.getUint16(2, isLittleEndian);
  const isBig = version === 43;
  if ((version !== 42 && !isBig) || (isBig && (head.length < 16 || view.getUint16(4, isLittleEndian) !== 8)))
    throw fail("SG_INPUT_CORRUPT", `${name} is no TIFF that is known: version ${version}`);
  const first = isBig ? Number(view.getBigUint64(8, isLittleEndian)) : view.getUint32(4, isLittleEndian);
  const format: TiffFormat = { isLittleEndian, isBig, structure: structureOf(head, isBig ? 16 : 8) };
  const main = await readDirectory(reader, format, first, signal);
  let all: Promise<readonly Directory[]> | undefined;
  return {
    format,
    reader,
    main,
    directories(asking) {
      all ??= followChain(reader, format, main, asking).catch((error: unknown) => {
        all = undefined; // a cancelled reader must not spoil it for the next
        throw error;
      });
      return all;
    },
  };
}

async function followChain(
  reader: RangeReader,
  format: TiffFormat,
  main: Directory,
  signal: AbortSignal,
): Promise<readonly Directory[]> {
  const found = [main];
  const seen = new Set([main.offset]);
  for (let next = main.next; next !== 0;) {
    if (seen.has(next) || found.length >= MAX_DIRECTORIES)
      throw fail("SG_INPUT_CORRUPT", `${reader.source.name} is damaged: its directories have no end`);
    seen.add(next);
    const directory = await readDirectory(reader, format, next, signal);
    found.push(directory);
    next = directory.next;
  }
  return found;
}

/** https://gdal.org/drivers/raster/cog.html#header-ghost-area */
function structureOf(head: Uint8Array, at: number): string {
  const mark = "GDAL_STRUCTURAL_METADATA_SIZE=";
  const text = new TextDecoder("latin1").decode(head.subarray(at, at + 1024));
  if (!text.startsWith(mark)) return "";
  const size = Number.parseInt(text.slice(mark.length, mark.length + 6), 10);
  return Number.isNaN(size) ? "" : text.slice(mark.length, mark.length + 13 + size);
}

function beginning(head: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(head.subarray(0, 24)).replaceAll(/[^\u0020-\u007e]/g, ".");
  return head.length === 0 ? "it is empty" : `it begins with "${text}"`;
}
