import type { Grid } from "../grid/grid.ts";

/** Pixels along a side of a tile; TIFF wants a multiple of 16. */
export const TILE_PIXELS = 256;

/** Numbers a file may hold, with TIFF's sample format. */
const sampleFormats = {
  uint8: { bits: 8, format: 1 },
  uint16: { bits: 16, format: 1 },
  int16: { bits: 16, format: 2 },
  float32: { bits: 32, format: 3 },
} as const;

export type WrittenDtype = keyof typeof sampleFormats;

/** What a file of one band says about itself. */
export interface TiffLayout {
  readonly grid: Grid;
  readonly dtype: WrittenDtype;
  readonly compression: "none" | "deflate";
  /** Number for "not observed"; NaN for float32. */
  readonly nodata: number;
  /** Name of the band. */
  readonly description: string;
}

/** Tiles of a grid, left to right, top to bottom. */
export function tilesOf({ widthPixels, heightPixels }: Grid): { readonly across: number; readonly down: number } {
  return { across: Math.ceil(widthPixels / TILE_PIXELS), down: Math.ceil(heightPixels / TILE_PIXELS) };
}

/** Bytes of one tile before compression; tiles at the edge are whole, too. */
export function tileBytesOf(dtype: WrittenDtype): number {
  return (TILE_PIXELS * TILE_PIXELS * sampleFormats[dtype].bits) / 8;
}

interface Field {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: readonly number[] | Float64Array | string;
}

type FieldType = keyof typeof fieldBytes;

const fieldBytes = { ascii: 1, short: 2, long: 4, double: 8, long8: 8 } as const;
const fieldCodes: Readonly<Record<FieldType, number>> = { ascii: 2, short: 3, long: 4, double: 12, long8: 16 };

/** Bytes of a BigTIFF header, and of the counts and links around the entries of a directory. */
const HEADER_BYTES = 16;
const ENTRY_BYTES = 20;

/**
 * Header and directory of a BigTIFF with one tiled band, to stand before its tiles: where they lie is known as soon as
 * their sizes are. Laid out as cloud-optimised GeoTIFFs are: directory first, then tiles in reading order.
 * Source: TIFF 6.0, the BigTIFF specification, OGC GeoTIFF 1.1.
 */
export function tiffHead(layout: TiffLayout, tileSizes: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = headBytes(layout, tileSizes.length);
  const offsets = new Float64Array(tileSizes.length);
  let at = bytes;
  for (const [index, size] of tileSizes.entries()) {
    offsets[index] = at;
    at += size;
  }
  return writeHead(fieldsOf(layout, offsets, tileSizes), bytes);
}

function headBytes(layout: TiffLayout, tiles: number): number {
  const none = new Float64Array(tiles);
  const fields = fieldsOf(layout, none, none);
  const outside = fields.reduce((sum, field) => sum + outsideBytes(field), 0);
  return HEADER_BYTES + 8 + fields.length * ENTRY_BYTES + 8 + outside;
}

function fieldsOf(layout: TiffLayout, offsets: Float64Array, sizes: Float64Array): readonly Field[] {
  const { grid, dtype, compression, nodata, description } = layout;
  const { bits, format } = sampleFormats[dtype];
  const [a, b, c, d, e, f] = grid.affine;
  const isNorthUp = b === 0 && d === 0;
  const place: readonly Field[] = isNorthUp
    ? [
        { tag: 33550, type: "double", values: [a, -e, 0] },
        { tag: 33922, type: "double", values: [0, 0, 0, c, f, 0] },
      ]
    : [{ tag: 34264, type: "double", values: [a, b, 0, c, d, e, 0, f, 0, 0, 0, 0, 0, 0, 0, 1] }];
  return [
    { tag: 256, type: "long", values: [grid.widthPixels] },
    { tag: 257, type: "long", values: [grid.heightPixels] },
    { tag: 258, type: "short", values: [bits] },
    { tag: 259, type: "short", values: [compression === "none" ? 1 : 8] },
    { tag: 262, type: "short", values: [1] },
    { tag: 277, type: "short", values: [1] },
    { tag: 322, type: "short", values: [TILE_PIXELS] },
    { tag: 323, type: "short", values: [TILE_PIXELS] },
    { tag: 324, type: "long8", values: offsets },
    { tag: 325, type: "long8", values: sizes },
    { tag: 339, type: "short", values: [format] },
    ...place,
    { tag: 34735, type: "short", values: geoKeys(grid.crs) },
    { tag: 42112, type: "ascii", values: bandMetadata(description) },
    { tag: 42113, type: "ascii", values: Number.isNaN(nodata) ? "nan" : String(nodata) },
  ];
}

/** The three keys that name a reference system; degrees and metres differ in which of them holds the code. */
function geoKeys(crs: string): readonly number[] {
  const code = Number(crs.slice("EPSG:".length));
  const isGeographic = code >= 4000 && code < 5000;
  const [modelType, key] = isGeographic ? [2, 2048] : [1, 3072];
  return [1, 1, 1, 3, 1024, 0, 1, modelType, 1025, 0, 1, 1, key, 0, 1, code];
}

function bandMetadata(description: string): string {
  const text = description.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<GDALMetadata><Item name="DESCRIPTION" sample="0" role="description">${text}</Item></GDALMetadata>`;
}

function countOf({ values }: Field): number {
  return typeof values === "string" ? values.length + 1 : values.length;
}

/** Bytes of a field that do not fit into its entry; they begin at multiples of eight. */
function outsideBytes(field: Field): number {
  const size = countOf(field) * fieldBytes[field.type];
  return size <= 8 ? 0 : Math.ceil(size / 8) * 8;
}

function writeHead(fields: readonly Field[], bytes: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint16(0, 0x4949);
  view.setUint16(2, 43, true);
  view.setUint16(4, 8, true);
  view.setBigUint64(8, BigInt(HEADER_BYTES), true);
  view.setBigUint64(HEADER_BYTES, BigInt(fields.length), true);
  let outside = HEADER_BYTES + 8 + fields.length * ENTRY_BYTES + 8;
  for (const [index, field] of fields.entries()) {
    const entry = HEADER_BYTES + 8 + index * ENTRY_BYTES;
    view.setUint16(entry, field.tag, true);
    view.setUint16(entry + 2, fieldCodes[field.type], true);
    view.setBigUint64(entry + 4, BigInt(countOf(field)), true);
    const size = outsideBytes(field);
    if (size > 0) view.setBigUint64(entry + 12, BigInt(outside), true);
    writeValues(view, size > 0 ? outside : entry + 12, field);
    outside += size;
  }
  return new Uint8Array(view.buffer);
}

function writeValues(view: DataView, at: number, { type, values }: Field): void {
  if (typeof values === "string") {
    new Uint8Array(view.buffer).set(new TextEncoder().encode(values), at);
    return;
  }
  for (const [index, value] of values.entries()) {
    const place = at + index * fieldBytes[type];
    if (type === "short") view.setUint16(place, value, true);
    else if (type === "long") view.setUint32(place, value, true);
    else if (type === "double") view.setFloat64(place, value, true);
    else view.setBigUint64(place, BigInt(value), true);
  }
}
