/** Smallest heads of each media type: what sniffers and header readers need, and no more. Made by code, so nobody's property. */
export const smallestMedia: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "application/pdf": bytesOf("%PDF-1.7\n%%EOF\n"),
  "image/png": join(
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13],
    "IHDR",
    [0, 0, 0, 7, 0, 0, 0, 5, 8, 0, 0, 0, 0],
  ),
  "image/jpeg": join([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 11, 8, 0, 5, 0, 7, 1, 1, 17, 0]),
  "image/gif": join("GIF89a", [7, 0, 5, 0, 0, 0, 0]),
  "image/webp": join("RIFF", [30, 0, 0, 0], "WEBPVP8 ", [10, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 7, 0, 5, 0]),
  "image/bmp": join(
    "BM",
    [60, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 7, 0, 0, 0, 0xfb, 0xff, 0xff, 0xff, 1, 0, 24, 0],
    Array.from({ length: 30 }, () => 0),
  ),
  "image/tiff": join(
    "II",
    [42, 0, 8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0, 1, 1, 4, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0],
  ),
  "image/x-portable-bitmap": bytesOf("P1\n# a comment\n7 5\n0 1 0 1"),
  "image/x-portable-graymap": bytesOf("P5 7 5 255\n0"),
  "image/x-portable-pixmap": bytesOf("P6\n7 5\n255\n0"),
};

/** BigTIFF, Motorola byte order: 64-bit offsets, sizes as LONG8. */
export const bigTiff = join(
  "MM",
  [0, 43, 0, 8, 0, 0],
  long(16),
  long(2),
  entry(256, 16, 7),
  entry(257, 16, 5),
  long(0),
);

/** The other two kinds of WebP. */
export const webpLossless = join(
  "RIFF",
  [30, 0, 0, 0],
  "WEBPVP8L",
  [10, 0, 0, 0, 0x2f, 0x06, 0x00, 0x01, 0x00, 0, 0, 0, 0, 0],
);
export const webpExtended = join("RIFF", [30, 0, 0, 0], "WEBPVP8X", [10, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 4, 0, 0]);

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function join(...parts: readonly (string | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...bytesOf(part)] : part)));
}

function long(value: number): readonly number[] {
  return [0, 0, 0, 0, 0, 0, 0, value];
}

function entry(tag: number, type: number, value: number): readonly number[] {
  return [tag >> 8, tag & 0xff, 0, type, ...long(1), ...long(value)];
}
