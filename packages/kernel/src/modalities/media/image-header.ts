import { fail } from "../../errors/catalog.ts";
import { asciiAt } from "./magic.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { readTiffHeader } from "./tiff-header.ts";

/** What the header of an encoded image says, without decoding it. */
export interface ImageHeader {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Known without reading on for formats that hold one image. */
  readonly pages?: number | undefined;
}

// A memo, not state: the same Blob always gives the same header, and only a decoded Blob has one.
const known = new WeakMap<Blob, ImageHeader>();

/** Header of a Blob that was read before; undefined when nobody has. */
export function knownImageHeader(blob: Blob): ImageHeader | undefined {
  return known.get(blob);
}

/**
 * Reads width and height from the header, touching a few kilobytes however large the file is.
 * Gives undefined for a media type that is no raster image. Throws SG_INPUT_CORRUPT on a header that is cut or damaged.
 */
export async function readImageHeader(blob: Blob, mediaType: string): Promise<ImageHeader | undefined> {
  const reader = readers[mediaType];
  if (reader === undefined) return undefined;
  const found = known.get(blob) ?? (await reader(blob));
  if (found === undefined || found.widthPixels < 1 || found.heightPixels < 1) {
    throw fail("SG_INPUT_CORRUPT", `The ${mediaType} header is cut or damaged (${blob.size} bytes)`);
  }
  known.set(blob, found);
  return found;
}

type Reader = (blob: Blob) => ImageHeader | undefined | Promise<ImageHeader | undefined>;

const readers: Readonly<Record<string, Reader>> = {
  "image/png": (blob) => fromHead(blob, 24, readPng),
  "image/gif": (blob) => fromHead(blob, 10, readGif),
  "image/bmp": (blob) => fromHead(blob, 26, readBitmap),
  "image/webp": (blob) => fromHead(blob, 30, readWebp),
  "image/jpeg": readJpegHeader,
  "image/tiff": readTiffHeader,
  "image/x-portable-bitmap": readPortableAnymap,
  "image/x-portable-graymap": readPortableAnymap,
  "image/x-portable-pixmap": readPortableAnymap,
  "image/x-portable-anymap": readPortableAnymap,
};

async function fromHead(
  blob: Blob,
  bytes: number,
  read: (view: DataView, head: Uint8Array) => ImageHeader | undefined,
): Promise<ImageHeader | undefined> {
  const head = new Uint8Array(await blob.slice(0, bytes).arrayBuffer());
  return head.length < bytes ? undefined : read(new DataView(head.buffer), head);
}

/** IHDR is the first chunk (PNG, 11.2.1). */
function readPng(view: DataView, head: Uint8Array): ImageHeader | undefined {
  if (!asciiAt(head, 12, "IHDR")) return undefined;
  return { widthPixels: view.getUint32(16), heightPixels: view.getUint32(20), pages: 1 };
}

function readGif(view: DataView): ImageHeader {
  return { widthPixels: view.getUint16(6, true), heightPixels: view.getUint16(8, true) };
}

/** Heights below zero mean rows from the top down. The 12-byte OS/2 header has 16-bit sizes. */
function readBitmap(view: DataView): ImageHeader {
  if (view.getUint32(14, true) === 12) {
    return { widthPixels: view.getUint16(18, true), heightPixels: view.getUint16(20, true), pages: 1 };
  }
  return { widthPixels: view.getInt32(18, true), heightPixels: Math.abs(view.getInt32(22, true)), pages: 1 };
}

/** Extended, lossless and lossy WebP keep the canvas in three different places (RFC 9649, 2.5-2.7). */
function readWebp(view: DataView, head: Uint8Array): ImageHeader | undefined {
  if (asciiAt(head, 12, "VP8X")) {
    const uint24 = (offset: number): number => view.getUint16(offset, true) + view.getUint8(offset + 2) * 65_536;
    return { widthPixels: uint24(24) + 1, heightPixels: uint24(27) + 1 };
  }
  if (asciiAt(head, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { widthPixels: (bits & 0x3fff) + 1, heightPixels: ((bits >>> 14) & 0x3fff) + 1, pages: 1 };
  }
  if (!asciiAt(head, 12, "VP8 ")) return undefined;
  return { widthPixels: view.getUint16(26, true) & 0x3fff, heightPixels: view.getUint16(28, true) & 0x3fff, pages: 1 };
}

async function readPortableAnymap(blob: Blob): Promise<ImageHeader | undefined> {
  const text = new TextDecoder("latin1").decode(await blob.slice(0, 4096).arrayBuffer());
  const match = /^P[1-6](?:\s|#[^\n]*\n)+(\d{1,6})(?:\s|#[^\n]*\n)+(\d{1,6})\s/.exec(text);
  return match === null ? undefined : { widthPixels: Number(match[1]), heightPixels: Number(match[2]) };
}
