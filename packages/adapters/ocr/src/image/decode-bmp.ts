import { fail } from "../ocr-errors.ts";
import type { PlainImage, PlainImageInfo } from "./plain-image.ts";

// Layout: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage. Integers are little-endian.

interface Header extends PlainImageInfo {
  readonly isTopDown: boolean;
  readonly bitsPerPixel: number;
  readonly compression: number;
  readonly pixelOffset: number;
  /** Offset of the palette, bytes per entry and number of entries. */
  readonly palette: { readonly offset: number; readonly entryBytes: number; readonly entries: number };
  /** Red, green and blue masks of 16- and 32-bit pixels. */
  readonly masks: readonly [number, number, number];
}

const UNCOMPRESSED = 0;
const RUN_LENGTH_8 = 1;
const RUN_LENGTH_4 = 2;
const BITFIELDS = [3, 6];

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d;
}

/** Reads the header. Throws SG_INPUT_CORRUPT. */
export function readBmpInfo(bytes: Uint8Array): PlainImageInfo {
  const { widthPixels, heightPixels, dpi } = readHeader(bytes);
  return { widthPixels, heightPixels, dpi };
}

/** Decodes to RGB: 1, 4, 8, 16, 24 and 32 bits per pixel, with and without run-length coding. Throws SG_INPUT_CORRUPT. */
export function decodeBmp(bytes: Uint8Array): PlainImage {
  const header = readHeader(bytes);
  const { widthPixels, heightPixels } = header;
  const color = colorReader(bytes, header);
  const rows =
    header.compression === RUN_LENGTH_8 || header.compression === RUN_LENGTH_4 ? unpackRuns(bytes, header) : undefined;
  const rowBytes = rows === undefined ? Math.ceil((widthPixels * header.bitsPerPixel) / 32) * 4 : widthPixels;
  const source = rows ?? bytes.subarray(header.pixelOffset);
  if (
    source.length <
    rowBytes * (heightPixels - 1) + Math.ceil((widthPixels * (rows === undefined ? header.bitsPerPixel : 8)) / 8)
  ) {
    throw corrupt("its pixels are cut off");
  }
  const data = new Uint8Array(widthPixels * heightPixels * 3);
  for (let y = 0; y < heightPixels; y++) {
    const row = (header.isTopDown ? y : heightPixels - 1 - y) * rowBytes;
    for (let x = 0; x < widthPixels; x++) {
      const rgb = color(source, row, x, rows === undefined ? header.bitsPerPixel : 8);
      const at = (y * widthPixels + x) * 3;
      data[at] = rgb >>> 16;
      data[at + 1] = (rgb >>> 8) & 255;
      data[at + 2] = rgb & 255;
    }
  }
  return { data, widthPixels, heightPixels, channels: 3 };
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 26) throw corrupt("its header is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixelOffset = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  if (headerBytes !== 12 && (headerBytes < 40 || bytes.length < 14 + headerBytes))
    throw corrupt("its header is damaged");
  const isOld = headerBytes === 12;
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const bitsPerPixel = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? UNCOMPRESSED : view.getUint32(30, true);
  if (width < 1 || height === 0 || ![1, 4, 8, 16, 24, 32].includes(bitsPerPixel))
    throw corrupt("its header is damaged");
  if (![UNCOMPRESSED, RUN_LENGTH_8, RUN_LENGTH_4, ...BITFIELDS].includes(compression))
    throw corrupt(`its compression ${compression} is not supported`);
  const pixelsPerMetre = isOld ? 0 : view.getInt32(38, true);
  const hasMasks = BITFIELDS.includes(compression) && bytes.length >= 66;
  const mask = (index: number): number => view.getUint32(54 + index * 4, true);
  const stated = isOld ? 0 : view.getUint32(46, true);
  return {
    widthPixels: width,
    heightPixels: Math.abs(height),
    dpi: pixelsPerMetre > 0 ? Math.round(pixelsPerMetre * 0.0254) : undefined,
    isTopDown: height < 0,
    bitsPerPixel,
    compression,
    pixelOffset,
    palette: {
      offset: 14 + headerBytes,
      entryBytes: isOld ? 3 : 4,
      entries: stated === 0 || stated > 256 ? 2 ** Math.min(8, bitsPerPixel) : stated,
    },
    masks: hasMasks
      ? [mask(0), mask(1), mask(2)]
      : bitsPerPixel === 16
        ? [0x7c00, 0x03e0, 0x001f]
        : [0xff0000, 0xff00, 0xff],
  };
}

type ColorReader = (source: Uint8Array, row: number, x: number, bits: number) => number;

function colorReader(bytes: Uint8Array, header: Header): ColorReader {
  if (header.bitsPerPixel === 24)
    return (source, row, x) =>
      byteAt(source, row + x * 3) | (byteAt(source, row + x * 3 + 1) << 8) | (byteAt(source, row + x * 3 + 2) << 16);
  if (header.bitsPerPixel > 8) {
    const [red, green, blue] = header.masks.map(channel);
    return (source, row, x, bits) => {
      const at = row + (x * bits) / 8;
      const low = byteAt(source, at) | (byteAt(source, at + 1) << 8);
      const value = bits === 16 ? low : (low | (byteAt(source, at + 2) << 16) | (byteAt(source, at + 3) << 24)) >>> 0;
      return ((red?.(value) ?? 0) << 16) | ((green?.(value) ?? 0) << 8) | (blue?.(value) ?? 0);
    };
  }
  const { offset, entryBytes, entries } = header.palette;
  if (offset + entries * entryBytes > bytes.length) throw corrupt("its palette is cut off");
  const palette = Array.from({ length: entries }, (_, index) => {
    const at = offset + index * entryBytes;
    return byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16);
  });
  return (source, row, x, bits) => {
    const perByte = 8 / bits;
    const byte = byteAt(source, row + Math.floor(x / perByte));
    return palette[(byte >> (8 - bits - (x % perByte) * bits)) & (2 ** bits - 1)] ?? 0;
  };
}

/** Function from a pixel to one of its channels, stretched to 8 bits. */
function channel(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const max = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / max);
}

/** Run-length coding: pairs of count and value; count 0 escapes to end of row (0), end (1), a move (2) or plain values. */
function unpackRuns(bytes: Uint8Array, header: Header): Uint8Array {
  const { widthPixels: width, heightPixels: height } = header;
  const isNibble = header.compression === RUN_LENGTH_4;
  const indices = new Uint8Array(width * height);
  let x = 0;
  let y = 0;
  const put = (value: number): void => {
    if (x < width && y < height) indices[y * width + x] = value;
    x += 1;
  };
  const nibble = (byte: number, index: number): number => (isNibble ? (index % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  for (let at = header.pixelOffset; at + 1 < bytes.length;) {
    const count = byteAt(bytes, at);
    const value = byteAt(bytes, at + 1);
    at += 2;
    if (count > 0) for (let index = 0; index < count; index++) put(nibble(value, index));
    else if (value === 1) return expandIndices(indices, header);
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 2) {
      [x, y] = [x + byteAt(bytes, at), y + byteAt(bytes, at + 1)];
      at += 2;
    } else {
      for (let index = 0; index < value; index++)
        put(nibble(byteAt(bytes, at + (isNibble ? index >> 1 : index)), index));
      const used = isNibble ? Math.ceil(value / 2) : value;
      at += used + (used % 2);
    }
  }
  throw corrupt("its pixels are cut off");
}

// Palettes of 4-bit images have up to 16 entries, indexed by whole bytes once unpacked.
function expandIndices(indices: Uint8Array, header: Header): Uint8Array {
  const last = header.palette.entries - 1;
  return indices.map((index) => Math.min(index, last));
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function corrupt(reason: string): Error {
  return fail("SG_INPUT_CORRUPT", `The BMP cannot be decoded: ${reason}`);
}
