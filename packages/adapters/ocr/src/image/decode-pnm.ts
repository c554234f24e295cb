import { fail } from "../ocr-errors.ts";
import type { PlainImage, PlainImageInfo } from "./plain-image.ts";

// netpbm formats: https://netpbm.sourceforge.net/doc/pnm.html. P1-P3 are text, P4-P6 binary; bits, grey, RGB.

interface Header extends PlainImageInfo {
  readonly kind: number;
  /** Value of white. */
  readonly max: number;
  /** Offset of the first pixel. */
  readonly offset: number;
}

export function isPnm(bytes: Uint8Array): boolean {
  const kind = bytes[1] ?? 0;
  return bytes[0] === 0x50 && kind >= 0x31 && kind <= 0x36;
}

/** Reads the header. Throws SG_INPUT_CORRUPT. */
export function readPnmInfo(bytes: Uint8Array): PlainImageInfo {
  const { widthPixels, heightPixels } = readHeader(bytes);
  return { widthPixels, heightPixels };
}

/** Decodes the first image of the file. Throws SG_INPUT_CORRUPT. */
export function decodePnm(bytes: Uint8Array): PlainImage {
  const header = readHeader(bytes);
  const { widthPixels, heightPixels, kind } = header;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const values = widthPixels * heightPixels * channels;
  const data =
    kind <= 3
      ? readText(bytes, header, values)
      : kind === 4
        ? readBits(bytes, header)
        : readBinary(bytes, header, values);
  return { data, widthPixels, heightPixels, channels };
}

function readHeader(bytes: Uint8Array): Header {
  const kind = (bytes[1] ?? 0) - 0x30;
  const numbers: number[] = [];
  const wanted = kind === 1 || kind === 4 ? 2 : 3;
  const scan = scanner(bytes, 2);
  while (numbers.length < wanted) {
    const number = scan.next();
    if (number === undefined) throw corrupt("its header is cut off or damaged");
    numbers.push(number);
  }
  const [widthPixels = 0, heightPixels = 0, max = 1] = numbers;
  if (widthPixels < 1 || heightPixels < 1 || max < 1 || max > 65_535) throw corrupt("its header is damaged");
  return { kind, widthPixels, heightPixels, max, offset: scan.position() + 1 }; // one white space ends the header
}

/** Reads numbers between white space and comments. */
function scanner(
  bytes: Uint8Array,
  start: number,
  singleDigits = false,
): { next(): number | undefined; position(): number } {
  let at = start;
  return {
    position: () => at,
    next() {
      while (at < bytes.length && !isDigit(bytes[at])) {
        if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at += 1;
        else if ((bytes[at] ?? 0) > 0x20) return undefined;
        at += 1;
      }
      if (at >= bytes.length) return undefined;
      let value = 0;
      do value = Math.min(value * 10 + (bytes[at++] ?? 0) - 0x30, 1e9);
      while (!singleDigits && isDigit(bytes[at]));
      return value;
    },
  };
}

function readText(bytes: Uint8Array, header: Header, values: number): Uint8Array<ArrayBuffer> {
  // Digits of a plain bitmap need no space between them.
  const scan = scanner(bytes, header.offset, header.kind === 1);
  const data = new Uint8Array(Math.min(values, bytes.length));
  for (let index = 0; index < values; index++) {
    const value = scan.next();
    if (value === undefined) throw corrupt("its pixels are cut off");
    data[index] = header.kind === 1 ? (value === 0 ? 255 : 0) : (value * 255) / header.max;
  }
  return data;
}

function readBits(bytes: Uint8Array, { widthPixels, heightPixels, offset }: Header): Uint8Array<ArrayBuffer> {
  const rowBytes = Math.ceil(widthPixels / 8);
  if (bytes.length < offset + rowBytes * heightPixels) throw corrupt("its pixels are cut off");
  const data = new Uint8Array(widthPixels * heightPixels);
  for (let y = 0; y < heightPixels; y++) {
    for (let x = 0; x < widthPixels; x++) {
      const byte = bytes[offset + y * rowBytes + (x >> 3)] ?? 0;
      data[y * widthPixels + x] = (byte >> (7 - (x & 7))) & 1 ? 0 : 255; // 1 is black
    }
  }
  return data;
}

function readBinary(bytes: Uint8Array, { max, offset }: Header, values: number): Uint8Array<ArrayBuffer> {
  const step = max > 255 ? 2 : 1;
  if (bytes.length < offset + values * step) throw corrupt("its pixels are cut off");
  const data = new Uint8Array(values);
  for (let index = 0; index < values; index++) {
    const at = offset + index * step;
    const value = step === 2 ? ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
    data[index] = max === 255 ? value : Math.min(255, (value * 255) / max);
  }
  return data;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function corrupt(reason: string): Error {
  return fail("SG_INPUT_CORRUPT", `The PNM image cannot be decoded: ${reason}`);
}
