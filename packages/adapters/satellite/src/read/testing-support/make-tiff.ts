import { deflateSync, zstdCompressSync } from "node:zlib";
import type { Grid } from "../../grid/grid.ts";
import type { RasterDtype } from "../../modalities/raster/raster-schema.ts";
import { bytesOfDtype, createRasterValues } from "../raster-arrays.ts";
import { compressLzw } from "./compress-lzw.ts";

export interface MadeTiff {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly dtype: RasterDtype;
  /** Numbers of each sample, row by row. */
  readonly samples: readonly ArrayLike<number>[];
  readonly compression?: "none" | "deflate" | "lzw" | "zstd" | "packbits";
  readonly predictor?: 1 | 2 | 3;
  /** Pixel (all samples of a pixel together) or band. */
  readonly interleave?: "pixel" | "band";
  /** Width and height of tiles, or rows of a strip. */
  readonly tile?: readonly [number, number];
  readonly rowsPerStrip?: number;
  readonly isBig?: boolean;
  readonly isBigEndian?: boolean;
  readonly nodata?: string;
  readonly metadata?: string;
  /** Undefined leaves the place out. */
  readonly grid?: Pick<Grid, "crs" | "affine">;
  readonly isPixelPoint?: boolean;
  /** Chunks that are left out: never written. */
  readonly missing?: readonly number[];
  readonly geoKeys?: { readonly keys: readonly number[]; readonly doubles: readonly number[] };
  readonly overviews?: readonly MadeTiff[];
}

type Value = readonly number[] | string;
interface Field {
  readonly tag: number;
  readonly type: 2 | 3 | 4 | 12 | 16;
  readonly values: Value;
}

const sizes = { 2: 1, 3: 2, 4: 4, 12: 8, 16: 8 } as const;
const codes = { none: 1, lzw: 5, deflate: 8, packbits: 32_773, zstd: 50_000 } as const;

/** Writes a TIFF as a test needs it: any layout that is read here. Slow and simple on purpose. */
export function makeTiff(tiff: MadeTiff): Blob {
  const little = tiff.isBigEndian !== true;
  const isBig = tiff.isBig === true;
  const pictures = [tiff, ...(tiff.overviews ?? [])].map((picture, index) => ({
    picture,
    chunks: chunksOf(picture, little),
    isOverview: index > 0,
  }));
  const pointer = isBig ? 8 : 4;
  const headerBytes = isBig ? 16 : 8;
  const directoryBytes = pictures.map(({ picture, chunks, isOverview }) => {
    const fields = fieldsOf(
      picture,
      chunks.map(() => [0, 0] as const),
      isOverview,
    );
    return {
      count: fields.length,
      bytes: (isBig ? 8 : 2) + fields.length * (isBig ? 20 : 12) + pointer + outside(fields, pointer),
    };
  });
  let at = headerBytes + directoryBytes.reduce((sum, { bytes }) => sum + bytes, 0);
  const places = pictures.map(({ chunks }) =>
    chunks.map((chunk) => {
      const place = [chunk.length === 0 ? 0 : at, chunk.length] as const;
      at += chunk.length;
      return place;
    }),
  );
  const bytes = new Uint8Array(at);
  const view = new DataView(bytes.buffer);
  const putPointer = (where: number, value: number): void =>
    isBig ? view.setBigUint64(where, BigInt(value), little) : view.setUint32(where, value, little);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, isBig ? 43 : 42, little);
  if (isBig) view.setUint16(4, 8, little);
  putPointer(headerBytes - pointer, headerBytes);
  let start = headerBytes;
  for (const [index, { picture, isOverview }] of pictures.entries()) {
    const fields = fieldsOf(picture, places[index] ?? [], isOverview);
    const end = start + (directoryBytes[index]?.bytes ?? 0);
    const entriesAt = start + (isBig ? 8 : 2);
    if (isBig) view.setBigUint64(start, BigInt(fields.length), little);
    else view.setUint16(start, fields.length, little);
    let outsideAt = entriesAt + fields.length * (isBig ? 20 : 12) + pointer;
    for (const [number, field] of fields.entries()) {
      const entry = entriesAt + number * (isBig ? 20 : 12);
      view.setUint16(entry, field.tag, little);
      view.setUint16(entry + 2, field.type, little);
      if (isBig) view.setBigUint64(entry + 4, BigInt(countOf(field)), little);
      else view.setUint32(entry + 4, countOf(field), little);
      const size = countOf(field) * sizes[field.type];
      const where = size <= pointer ? entry + (isBig ? 12 : 8) : outsideAt;
      if (size > pointer) {
        putPointer(entry + (isBig ? 12 : 8), outsideAt);
        outsideAt += size;
      }
      putValues(view, where, field, little);
    }
    putPointer(entriesAt + fields.length * (isBig ? 20 : 12), index + 1 < pictures.length ? end : 0);
    start = end;
  }
  for (const [index, { chunks }] of pictures.entries())
    for (const [number, chunk] of chunks.entries())
      if (chunk.length > 0) bytes.set(chunk, places[index]?.[number]?.[0] ?? 0);
  return new Blob([bytes]);
}

const countOf = ({ values }: Field): number => (typeof values === "string" ? values.length + 1 : values.length);

const outside = (fields: readonly Field[], inline: number): number =>
  fields
    .map((field) => countOf(field) * sizes[field.type])
    .filter((size) => size > inline)
    .reduce((sum, size) => sum + size, 0);

function putValues(view: DataView, at: number, { type, values }: Field, little: boolean): void {
  if (typeof values === "string") {
    for (let index = 0; index < values.length; index++) view.setUint8(at + index, values.charCodeAt(index));
    return;
  }
  for (const [index, value] of values.entries()) {
    const where = at + index * sizes[type];
    if (type === 3) view.setUint16(where, value, little);
    else if (type === 4) view.setUint32(where, value, little);
    else if (type === 12) view.setFloat64(where, value, little);
    else view.setBigUint64(where, BigInt(value), little);
  }
}

function fieldsOf(
  tiff: MadeTiff,
  places: readonly (readonly [number, number])[],
  isOverview: boolean,
): readonly Field[] {
  const { widthPixels, heightPixels, samples, tile, grid } = tiff;
  const bits = bytesOfDtype(tiff.dtype) * 8;
  const format = tiff.dtype.startsWith("float") ? 3 : tiff.dtype.startsWith("int") ? 2 : 1;
  const wide = tiff.isBig === true ? 16 : 4;
  const [a = 1, , c = 0, , e = -1, f = 0] = grid?.affine ?? [];
  const shift = tiff.isPixelPoint === true ? 0.5 : 0;
  const code = Number(grid?.crs.slice(5));
  const isGeographic = code === 4326;
  const keys = [
    1024,
    0,
    1,
    isGeographic ? 2 : 1,
    1025,
    0,
    1,
    shift > 0 ? 2 : 1,
    isGeographic ? 2048 : 3072,
    0,
    1,
    code,
  ];
  return [
    ...(isOverview ? [{ tag: 254, type: 4, values: [1] } as const] : []),
    { tag: 256, type: 4, values: [widthPixels] },
    { tag: 257, type: 4, values: [heightPixels] },
    { tag: 258, type: 3, values: samples.map(() => bits) },
    { tag: 259, type: 3, values: [codes[tiff.compression ?? "none"]] },
    { tag: 262, type: 3, values: [1] },
    ...(tile === undefined ? [{ tag: 273, type: wide, values: places.map(([offset]) => offset) } as const] : []),
    { tag: 277, type: 3, values: [samples.length] },
    ...(tile === undefined
      ? ([
          { tag: 278, type: 4, values: [tiff.rowsPerStrip ?? heightPixels] },
          { tag: 279, type: wide, values: places.map(([, length]) => length) },
        ] as const)
      : []),
    { tag: 284, type: 3, values: [tiff.interleave === "band" ? 2 : 1] },
    { tag: 317, type: 3, values: [tiff.predictor ?? 1] },
    ...(tile === undefined
      ? []
      : ([
          { tag: 322, type: 3, values: [tile[0]] },
          { tag: 323, type: 3, values: [tile[1]] },
          { tag: 324, type: wide, values: places.map(([offset]) => offset) },
          { tag: 325, type: wide, values: places.map(([, length]) => length) },
        ] as const)),
    { tag: 339, type: 3, values: samples.map(() => format) },
    ...(grid === undefined || isOverview
      ? []
      : ([
          { tag: 33_550, type: 12, values: [a, -e, 0] },
          { tag: 33_922, type: 12, values: [0, 0, 0, c + shift * a, f + shift * e, 0] },
          {
            tag: 34_735,
            type: 3,
            values: [1, 1, 0, (tiff.geoKeys?.keys ?? keys).length / 4, ...(tiff.geoKeys?.keys ?? keys)],
          },
        ] as const)),
    ...(tiff.geoKeys === undefined ? [] : [{ tag: 34_736, type: 12, values: tiff.geoKeys.doubles } as const]),
    ...(tiff.metadata === undefined ? [] : [{ tag: 42_112, type: 2, values: tiff.metadata } as const]),
    ...(tiff.nodata === undefined ? [] : [{ tag: 42_113, type: 2, values: tiff.nodata } as const]),
  ];
}

function chunksOf(tiff: MadeTiff, little: boolean): readonly Uint8Array[] {
  const { widthPixels, heightPixels, samples, interleave, missing = [] } = tiff;
  const [chunkWidth, chunkHeight] = tiff.tile ?? [widthPixels, tiff.rowsPerStrip ?? heightPixels];
  const groups = interleave === "band" ? samples.map((sample) => [sample]) : [samples];
  const chunks: Uint8Array[] = [];
  for (const group of groups)
    for (let top = 0; top < heightPixels; top += chunkHeight)
      for (let left = 0; left < widthPixels; left += chunkWidth) {
        const rows = tiff.tile === undefined ? Math.min(chunkHeight, heightPixels - top) : chunkHeight;
        const numbers = createRasterValues(tiff.dtype, chunkWidth * rows * group.length);
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < chunkWidth; x++)
            for (const [index, sample] of group.entries()) {
              const isInside = left + x < widthPixels && top + y < heightPixels;
              numbers[(y * chunkWidth + x) * group.length + index] = isInside
                ? (sample[(top + y) * widthPixels + left + x] ?? 0)
                : 0;
            }
        chunks.push(
          missing.includes(chunks.length)
            ? new Uint8Array(0)
            : compress(
                encode(numbers, tiff, { rowNumbers: chunkWidth * group.length, samples: group.length, little }),
                tiff,
              ),
        );
      }
  return chunks;
}

interface Rows {
  readonly rowNumbers: number;
  readonly samples: number;
  readonly little: boolean;
}

function encode(
  numbers: ReturnType<typeof createRasterValues>,
  { predictor = 1, dtype }: MadeTiff,
  { rowNumbers, samples, little }: Rows,
): Uint8Array {
  const size = bytesOfDtype(dtype);
  if (predictor === 2)
    for (let row = 0; row < numbers.length; row += rowNumbers)
      for (let at = row + rowNumbers - 1; at >= row + samples; at--)
        numbers[at] = (numbers[at] ?? 0) - (numbers[at - samples] ?? 0);
  const bytes = new Uint8Array(numbers.buffer);
  if (predictor === 3) {
    const output = new Uint8Array(bytes.length);
    for (let row = 0; row < bytes.length; row += rowNumbers * size) {
      for (let index = 0; index < rowNumbers; index++)
        for (let byte = 0; byte < size; byte++)
          output[row + (size - 1 - byte) * rowNumbers + index] = bytes[row + index * size + byte] ?? 0;
      for (let at = row + rowNumbers * size - 1; at >= row + samples; at--)
        output[at] = (output[at] ?? 0) - (output[at - samples] ?? 0);
    }
    return output;
  }
  if (!little) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}

function compress(bytes: Uint8Array, { compression = "none" }: MadeTiff): Uint8Array {
  switch (compression) {
    case "none":
      return bytes;
    case "deflate":
      return deflateSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "lzw":
      return compressLzw(bytes);
    case "packbits":
      return packBits(bytes);
  }
}

function packBits(bytes: Uint8Array): Uint8Array {
  const output: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at] && at + run < bytes.length) run++;
    if (run > 1) output.push(257 - run, bytes[at] ?? 0);
    else output.push(0, bytes[at] ?? 0);
    at += run;
  }
  return Uint8Array.from(output);
}
