import { describe, expect, test } from "vitest";
import { decodePlain, readPlainInfo, toGray } from "./plain-image.ts";

const bytes = (...parts: (number | string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : typeof part === "string" ? [...Buffer.from(part, "latin1")] : part,
    ),
  );
const long = (value: number): readonly number[] => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >> 24) & 255,
];

interface BmpParts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly extra?: readonly number[];
  readonly palette?: readonly number[];
  readonly pixels: readonly number[];
}

function bmp({ width, height, bits, compression = 0, extra = [], palette = [], pixels }: BmpParts): Uint8Array {
  const offset = 54 + extra.length + palette.length;
  return bytes(
    "BM",
    long(offset + pixels.length),
    long(0),
    long(offset),
    long(40),
    long(width),
    long(height),
    [1, 0, bits, 0],
    long(compression),
    long(pixels.length),
    long(11_811),
    long(11_811),
    long(palette.length / 4),
    long(0),
    extra,
    palette,
    pixels,
  );
}

const grayscale = [0, 0, 0, 0, 255, 255, 255, 0]; // black, white
const pixelsOf = (file: Uint8Array): readonly number[] => [...(decodePlain(file)?.data ?? [])];
const [K, W, R] = [
  [0, 0, 0],
  [255, 255, 255],
  [255, 0, 0],
] as const;

describe("BMP", () => {
  test("of 24 bits is read bottom-up, rows padded to four bytes, with its resolution", () => {
    const file = bmp({ width: 1, height: 2, bits: 24, pixels: [0, 0, 255, 0, 255, 255, 255, 0] });
    expect(readPlainInfo(file)).toEqual({ widthPixels: 1, heightPixels: 2, dpi: 300 });
    expect(pixelsOf(file)).toEqual([...W, ...R]);
  });

  test("with a negative height is read top-down", () => {
    expect(pixelsOf(bmp({ width: 1, height: -2, bits: 24, pixels: [0, 0, 255, 0, 255, 255, 255, 0] }))).toEqual([
      ...R,
      ...W,
    ]);
  });

  test("of 1, 4 and 8 bits uses its palette", () => {
    expect(pixelsOf(bmp({ width: 3, height: 1, bits: 1, palette: grayscale, pixels: [0b1010_0000, 0, 0, 0] }))).toEqual(
      [...W, ...K, ...W],
    );
    expect(pixelsOf(bmp({ width: 3, height: 1, bits: 4, palette: grayscale, pixels: [0x10, 0x10, 0, 0] }))).toEqual([
      ...W,
      ...K,
      ...W,
    ]);
    expect(pixelsOf(bmp({ width: 3, height: 1, bits: 8, palette: grayscale, pixels: [1, 0, 1, 0] }))).toEqual([
      ...W,
      ...K,
      ...W,
    ]);
  });

  test("of 16 and 32 bits uses its masks", () => {
    expect(pixelsOf(bmp({ width: 1, height: 1, bits: 16, pixels: [0x00, 0x7c, 0, 0] }))).toEqual([...R]);
    const masks = [...long(0xf800), ...long(0x07e0), ...long(0x001f)];
    expect(
      pixelsOf(bmp({ width: 1, height: 1, bits: 16, compression: 3, extra: masks, pixels: [0x00, 0xf8, 0, 0] })),
    ).toEqual([...R]);
    expect(pixelsOf(bmp({ width: 1, height: 1, bits: 32, pixels: [0, 0, 255, 0] }))).toEqual([...R]);
  });

  test("with run-length coding is unpacked: runs, plain values, moves and row ends", () => {
    const runs = [2, 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 1]; // white white / black white black, padded
    expect(pixelsOf(bmp({ width: 3, height: 2, bits: 8, compression: 1, palette: grayscale, pixels: runs }))).toEqual([
      ...K,
      ...W,
      ...K,
      ...W,
      ...W,
      ...K,
    ]);
    const nibbles = [3, 0x10, 0, 1];
    expect(
      pixelsOf(bmp({ width: 3, height: 1, bits: 4, compression: 2, palette: grayscale, pixels: nibbles })),
    ).toEqual([...W, ...K, ...W]);
  });

  test("that is cut or damaged is refused", () => {
    const good = bmp({ width: 4, height: 4, bits: 24, pixels: Array.from({ length: 48 }, () => 9) });
    for (const file of [
      good.slice(0, 20),
      good.slice(0, -20),
      bmp({ width: 0, height: 4, bits: 24, pixels: [] }),
      bmp({ width: 1, height: 1, bits: 8, compression: 1, palette: grayscale, pixels: [1, 1] }),
    ]) {
      expect(() => decodePlain(file)).toThrow(expect.objectContaining({ code: "SG_INPUT_CORRUPT" }));
    }
  });
});

describe("PNM", () => {
  test.each([
    ["P1 # a comment\n3 1\n101", [0, 255, 0]],
    ["P2\n3 1\n10\n0 5 10\n", [0, 127, 255]],
    ["P3 1 1 255 255 0 0", [255, 0, 0]],
    ["P5 3 1 255\n\u0000\u0080\u00ff", [0, 128, 255]],
    ["P5 1 1 65535\n\u0080\u0000", [127]],
    ["P6 1 1 255\n\u00ff\u0000\u0000", [255, 0, 0]],
  ])("%j is read", (file, expected) => {
    expect(pixelsOf(bytes(file))).toEqual(expected);
  });

  test("bits are padded to bytes per row, and 1 is black", () => {
    expect(pixelsOf(bytes("P4 9 2\n", [0b1000_0000, 0x80, 0, 0]))).toEqual([
      0,
      ...Array.from({ length: 7 }, () => 255),
      0,
      ...Array.from({ length: 9 }, () => 255),
    ]);
  });

  test.each([
    "P5",
    "P5 3",
    "P5 0 1 255\n",
    "P5 3 1 255\n\u0000",
    "P2 3 1 255 1 2",
    "P5 x 1 255\n\u0000",
    "P5 3 1 99999\n\u0000\u0000\u0000",
  ])("%j is refused", (file) => {
    expect(() => decodePlain(bytes(file))).toThrow(expect.objectContaining({ code: "SG_INPUT_CORRUPT" }));
  });
});

test("other formats are left to the image library", () => {
  expect(decodePlain(bytes([0x89], "PNG"))).toBeUndefined();
  expect(readPlainInfo(bytes("GIF89a"))).toBeUndefined();
});

test("grey of colours is their luma", () => {
  const image = decodePlain(bytes("P6 3 1 255\n\u00ff\u0000\u0000\u0000\u00ff\u0000\u0000\u0000\u00ff"));
  expect([...toGray(image!).data]).toEqual([76, 149, 29]);
});
