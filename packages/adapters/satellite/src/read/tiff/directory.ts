import { fail } from "../../satellite-errors.ts";
import type { RangeReader } from "../source/range-reader.ts";
import { fieldBytes, tags } from "./tags.ts";
import type { TiffFormat } from "./tiff-file.ts";

/** Fields up to this size are read with their directory; longer ones (the index of tiles) only where they are needed. */
const EAGER_BYTES = 64 * 1024;

const MAX_FIELDS = 1024;

/** Where a long field lies. */
export interface FieldPlace {
  readonly type: number;
  readonly count: number;
  readonly offset: number;
}

/** One picture of a TIFF: its fields. */
export interface Directory {
  readonly offset: number;
  /** Offset of the next directory, 0 at the end. */
  readonly next: number;
  /** Values of a short field; undefined when it is absent. */
  numbers(tag: number): readonly number[] | undefined;
  text(tag: number): string | undefined;
  bytes(tag: number): Uint8Array<ArrayBuffer> | undefined;
  /** Where a field lies, however long. */
  place(tag: number): FieldPlace | undefined;
}

/** Reads one directory and its short fields. Throws SG_INPUT_CORRUPT. */
export async function readDirectory(
  reader: RangeReader,
  format: TiffFormat,
  offset: number,
  signal: AbortSignal,
): Promise<Directory> {
  const { isLittleEndian: little, isBig } = format;
  const { name } = reader.source;
  const cut = (what: string): Error =>
    fail("SG_INPUT_CORRUPT", `${name} is cut off or damaged: ${what} at byte ${offset} lies outside of it`);
  const bytesAt = async (at: number, lengthBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
    const [bytes = new Uint8Array(0)] = await reader.read([{ offset: at, lengthBytes }], signal);
    return bytes;
  };
  const countBytes = isBig ? 8 : 2;
  const entryBytes = isBig ? 20 : 12;
  const start = await bytesAt(offset, countBytes);
  if (start.length < countBytes) throw cut("the directory");
  const startView = viewOf(start);
  const fields = isBig ? Number(startView.getBigUint64(0, little)) : startView.getUint16(0, little);
  if (fields === 0 || fields > MAX_FIELDS)
    throw fail("SG_INPUT_CORRUPT", `${name} is damaged: a directory of ${fields} fields at byte ${offset}`);
  const length = fields * entryBytes + (isBig ? 8 : 4);
  const body = await bytesAt(offset + countBytes, length);
  // Some writers leave out the last four bytes when there is no next directory.
  if (body.length < fields * entryBytes) throw cut("the directory");
  const view = viewOf(body);
  const hasNext = body.length >= length;
  const next = hasNext
    ? isBig
      ? Number(view.getBigUint64(length - 8, little))
      : view.getUint32(length - 4, little)
    : 0;

  const places = new Map<number, FieldPlace>();
  for (let index = 0; index < fields; index++) {
    const at = index * entryBytes;
    const type = view.getUint16(at + 2, little);
    const count = isBig ? Number(view.getBigUint64(at + 4, little)) : view.getUint32(at + 4, little);
    const sizeBytes = (fieldBytes[type] ?? 0) * count;
    const inline = sizeBytes <= (isBig ? 8 : 4);
    const valueAt = at + (isBig ? 12 : 8);
    const pointer = isBig ? Number(view.getBigUint64(valueAt, little)) : view.getUint32(valueAt, little);
    places.set(view.getUint16(at, little), {
      type,
      count,
      offset: inline ? offset + countBytes + valueAt : pointer,
    });
  }
  const wanted = [...places].filter(([tag, place]) => wantedTags.has(tag) && sizeOf(place) <= EAGER_BYTES);
  const read = await reader.read(
    wanted.map(([, place]) => ({ offset: place.offset, lengthBytes: sizeOf(place) })),
    signal,
  );
  const values = new Map<number, { readonly place: FieldPlace; readonly bytes: Uint8Array<ArrayBuffer> }>();
  for (const [index, [tag, place]] of wanted.entries()) {
    const bytes = read[index] ?? new Uint8Array(0);
    if (bytes.length < sizeOf(place)) throw cut(`field ${tag}`);
    values.set(tag, { place, bytes });
  }
  return {
    offset,
    next,
    place: (tag) => places.get(tag),
    bytes: (tag) => values.get(tag)?.bytes,
    numbers(tag) {
      const found = values.get(tag);
      return found === undefined ? undefined : [...numbersOf(found.bytes, found.place.type, little)];
    },
    text(tag) {
      const found = values.get(tag);
      return found === undefined ? undefined : new TextDecoder().decode(found.bytes).replace(/\0[^]*$/, "");
    },
  };
}

const wantedTags: ReadonlySet<number> = new Set(
  Object.values(tags).filter(
    (tag) =>
      tag !== tags.tileOffsets &&
      tag !== tags.tileByteCounts &&
      tag !== tags.stripOffsets &&
      tag !== tags.stripByteCounts,
  ),
);

const sizeOf = ({ type, count }: FieldPlace): number => (fieldBytes[type] ?? 0) * count;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Numbers of a field; rationals are divided, 64-bit integers become doubles (exact below 2^53). */
export function numbersOf(bytes: Uint8Array, type: number, little: boolean): Float64Array {
  const view = viewOf(bytes);
  const size = fieldBytes[type] ?? 1;
  const output = new Float64Array(Math.floor(bytes.length / size));
  for (let index = 0; index < output.length; index++) output[index] = numberAt(view, index * size, type, little);
  return output;
}

function numberAt(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, little));
    case 17:
      return Number(view.getBigInt64(at, little));
    default:
      return view.getUint8(at);
  }
}
