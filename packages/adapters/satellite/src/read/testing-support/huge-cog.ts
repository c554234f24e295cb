import type { ServedFile } from "../../http/testing-support/range-server.ts";

/** Tiles of one size, so that every byte of a file of any length can be worked out: nothing of it is kept. */
export interface HugeCog extends ServedFile {
  readonly tiles: number;
}

const ENTRY_BYTES = 20;
const HEADER_BYTES = 16;

/** What GDAL's COG driver writes before the directories. */
const structure =
  "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\n" +
  "LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\nBLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n ";

/**
 * A cloud-optimised BigTIFF of `side` x `side` square tiles of uint16, uncompressed: pixel (x, y) is
 * (x + y) modulo 65536. Index first, tiles after it, each between its leader and trailer when `hasLeaders`.
 */
export function createHugeCog(side: number, { tilePixels = 16, hasLeaders = true } = {}): HugeCog {
  const tiles = side * side;
  const tileBytes = tilePixels * tilePixels * 2;
  const stride = tileBytes + (hasLeaders ? 8 : 0);
  const directoryAt = HEADER_BYTES + (hasLeaders ? structure.length + (structure.length % 2) : 0);
  const geoKeys = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_633];
  const fields: readonly (readonly [tag: number, type: number, count: number, value: number | readonly number[]])[] = [
    [256, 4, 1, side * tilePixels],
    [257, 4, 1, side * tilePixels],
    [258, 3, 1, 16],
    [259, 3, 1, 1],
    [277, 3, 1, 1],
    [322, 3, 1, tilePixels],
    [323, 3, 1, tilePixels],
    [324, 16, tiles, -1],
    [325, 4, tiles, -2],
    [339, 3, 1, 1],
    [33_550, 12, 3, [10, 10, 0]],
    [33_922, 12, 6, [0, 0, 0, 500_000, 5_000_000, 0]],
    [34_735, 3, geoKeys.length, geoKeys],
  ];
  const smallAt = directoryAt + 8 + fields.length * ENTRY_BYTES + 8;
  const offsetsAt = smallAt + 256;
  const countsAt = offsetsAt + tiles * 8;
  const dataAt = countsAt + tiles * 4;
  const head = new Uint8Array(offsetsAt);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0x4949);
  view.setUint16(2, 43, true);
  view.setUint16(4, 8, true);
  view.setBigUint64(8, BigInt(directoryAt), true);
  if (hasLeaders) head.set(new TextEncoder().encode(structure), HEADER_BYTES);
  view.setBigUint64(directoryAt, BigInt(fields.length), true);
  let small = smallAt;
  for (const [index, [tag, type, count, value]] of fields.entries()) {
    const at = directoryAt + 8 + index * ENTRY_BYTES;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setBigUint64(at + 4, BigInt(count), true);
    if (typeof value === "number") {
      const place = value === -1 ? offsetsAt : value === -2 ? countsAt : value;
      if (type === 3) view.setUint16(at + 12, place, true);
      else if (value < 0) view.setBigUint64(at + 12, BigInt(place), true);
      else view.setUint32(at + 12, place, true);
      continue;
    }
    view.setBigUint64(at + 12, BigInt(small), true);
    for (const number of value) {
      if (type === 12) view.setFloat64(small, number, true);
      else view.setUint16(small, number, true);
      small += type === 12 ? 8 : 2;
    }
    small = Math.ceil(small / 8) * 8;
  }

  function byteAt(position: number): number {
    if (position < offsetsAt) return head[position] ?? 0;
    if (position < countsAt) {
      const tile = Math.floor((position - offsetsAt) / 8);
      const value = dataAt + tile * stride + (hasLeaders ? 4 : 0);
      return Math.floor(value / 2 ** (8 * ((position - offsetsAt) % 8))) & 255;
    }
    if (position < dataAt) return (tileBytes >> (8 * ((position - countsAt) % 4))) & 255;
    const tile = Math.floor((position - dataAt) / stride);
    const within = ((position - dataAt) % stride) - (hasLeaders ? 4 : 0);
    if (within < 0) return (tileBytes >> (8 * (within + 4))) & 255;
    const pixel = Math.min(tileBytes / 2 - 1, within >> 1);
    const x = (tile % side) * tilePixels + (pixel % tilePixels);
    const y = Math.floor(tile / side) * tilePixels + Math.floor(pixel / tilePixels);
    return ((x + y) >> (8 * (within % 2))) & 255;
  }

  return {
    tiles,
    sizeBytes: dataAt + tiles * stride,
    bytes: (offset, lengthBytes) => Uint8Array.from({ length: lengthBytes }, (_, index) => byteAt(offset + index)),
  };
}
