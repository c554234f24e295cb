import type { ImageHeader } from "./image-header.ts";

const IMAGE_WIDTH = 256;
const IMAGE_LENGTH = 257;
/** Entries of a directory that are read; tags are sorted, so the size is among the first. */
const MAX_ENTRIES = 256;

/** Size of the first image, from its directory (TIFF 6.0, section 2; BigTIFF has 64-bit counts and offsets). */
export async function readTiffHeader(blob: Blob): Promise<ImageHeader | undefined> {
  const head = await view(blob, 0, 16);
  if (head.byteLength < 8) return undefined;
  const little = head.getUint8(0) === 0x49;
  const big = head.getUint16(2, little) === 43;
  if (big && head.byteLength < 16) return undefined;
  const directory = big ? Number(head.getBigUint64(8, little)) : head.getUint32(4, little);
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const entries = await view(blob, directory, countBytes + MAX_ENTRIES * entryBytes);
  if (entries.byteLength < countBytes) return undefined;
  const count = Math.min(MAX_ENTRIES, big ? Number(entries.getBigUint64(0, little)) : entries.getUint16(0, little));
  const sizes = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const at = countBytes + index * entryBytes;
    if (at + entryBytes > entries.byteLength) break;
    const value = readValue(entries, at + 2, at + entryBytes - (big ? 8 : 4), little);
    if (value !== undefined) sizes.set(entries.getUint16(at, little), value);
  }
  const widthPixels = sizes.get(IMAGE_WIDTH);
  const heightPixels = sizes.get(IMAGE_LENGTH);
  return widthPixels === undefined || heightPixels === undefined ? undefined : { widthPixels, heightPixels };
}

/** Types SHORT (3), LONG (4) and LONG8 (16), the ones sizes come in. */
function readValue(entries: DataView, typeAt: number, valueAt: number, little: boolean): number | undefined {
  const type = entries.getUint16(typeAt, little);
  if (type === 3) return entries.getUint16(valueAt, little);
  if (type === 4) return entries.getUint32(valueAt, little);
  return type === 16 && valueAt + 8 <= entries.byteLength ? Number(entries.getBigUint64(valueAt, little)) : undefined;
}

async function view(blob: Blob, offset: number, bytes: number): Promise<DataView> {
  return new DataView(await blob.slice(offset, offset + bytes).arrayBuffer());
}
