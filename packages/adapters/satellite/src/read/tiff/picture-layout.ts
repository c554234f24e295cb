import type { RasterDtype } from "../../modalities/raster/raster-schema.ts";
import { fail } from "../../satellite-errors.ts";
import type { Directory } from "./directory.ts";
import { tags } from "./tags.ts";

/** How the numbers of one picture lie in its file; structured-cloneable. A strip is a chunk as wide as the picture. */
export interface PictureLayout {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly chunkWidth: number;
  readonly chunkHeight: number;
  readonly chunksAcross: number;
  readonly chunksDown: number;
  readonly isTiled: boolean;
  readonly samples: number;
  /** Samples of one pixel that lie together in a chunk: all of them, or one where each sample has chunks of its own. */
  readonly chunkSamples: number;
  readonly compression: Compression;
  readonly predictor: 1 | 2 | 3;
  readonly bitsPerSample: number;
  readonly dtype: RasterDtype;
  /** 16-bit floating-point numbers; they are read as float32. */
  readonly isHalfFloat: boolean;
}

const compressions = {
  1: "none",
  5: "lzw",
  7: "jpeg",
  8: "deflate",
  32773: "packbits",
  32946: "deflate",
  34887: "lerc",
  50000: "zstd",
} as const;

export type Compression = (typeof compressions)[keyof typeof compressions];

/** Most pixels of a side; what a hostile header may claim is bounded by it. */
const MAX_SIDE_PIXELS = 4_000_000;

/** Most bytes of one decoded chunk. */
const MAX_CHUNK_BYTES = 512 * 1024 * 1024;

/** Reads the layout of a picture. Throws SG_INPUT_CORRUPT for what cannot be, SG_SATELLITE_ENCODING for what is not read here. */
export function pictureLayout(directory: Directory, name: string): PictureLayout {
  const one = (tag: number): number | undefined => directory.numbers(tag)?.[0];
  const damaged = (what: string): Error => fail("SG_INPUT_CORRUPT", `${name} is damaged: ${what}`);
  const widthPixels = one(tags.imageWidth) ?? 0;
  const heightPixels = one(tags.imageLength) ?? 0;
  if (!isSide(widthPixels) || !isSide(heightPixels)) throw damaged(`${widthPixels} x ${heightPixels} pixels`);
  const isTiled = directory.place(tags.tileOffsets) !== undefined;
  const chunkWidth = isTiled ? (one(tags.tileWidth) ?? 0) : widthPixels;
  const chunkHeight = isTiled
    ? (one(tags.tileLength) ?? 0)
    : Math.min(one(tags.rowsPerStrip) ?? heightPixels, heightPixels);
  if (!isSide(chunkWidth) || !isSide(chunkHeight)) throw damaged(`tiles of ${chunkWidth} x ${chunkHeight} pixels`);
  if (!isTiled && directory.place(tags.stripOffsets) === undefined) throw damaged("it has neither tiles nor strips");
  const samples = one(tags.samplesPerPixel) ?? 1;
  const bits = directory.numbers(tags.bitsPerSample) ?? [1];
  const formats = directory.numbers(tags.sampleFormat) ?? [1];
  const bitsPerSample = bits[0] ?? 1;
  const isMixed = bits.some((value) => value !== bitsPerSample) || formats.some((value) => value !== formats[0]);
  const compression = compressions[one(tags.compression) as keyof typeof compressions] as Compression | undefined; // a foreign number
  if (compression === undefined)
    throw fail(
      "SG_SATELLITE_ENCODING",
      `${name} is compressed with method ${one(tags.compression) ?? 1}, which is not read here`,
    );
  const photometric = one(tags.photometric) ?? 1;
  if (compression === "jpeg" && photometric === 6)
    throw fail("SG_SATELLITE_ENCODING", `${name} is a JPEG picture in colours, which is no measurement`);
  // The LERC engine cannot (lerc 3.0: getUInt32 is not a function).
  if (compression === "lerc" && bits[0] === 32 && (formats[0] ?? 1) === 1)
    throw fail("SG_SATELLITE_ENCODING", `${name} holds 32-bit unsigned numbers in LERC, which are not read here`);
  const predictor = one(tags.predictor) ?? 1;
  const dtype = dtypeOf(bitsPerSample, formats[0] ?? 1);
  if (isMixed || dtype === undefined)
    throw fail(
      "SG_SATELLITE_ENCODING",
      `${name} holds ${bits.join("+")}-bit numbers of format ${formats.join("+")}, which are not read here`,
    );
  if (predictor !== 1 && predictor !== 2 && predictor !== 3) throw damaged(`predictor ${predictor}`);
  if (samples < 1 || samples > 65_535) throw damaged(`${samples} samples`);
  const chunkSamples = one(tags.planarConfiguration) === 2 ? 1 : samples;
  if ((chunkWidth * chunkHeight * chunkSamples * bitsPerSample) / 8 > MAX_CHUNK_BYTES)
    throw fail(
      "SG_SATELLITE_ENCODING",
      `${name} has tiles of ${chunkWidth} x ${chunkHeight} pixels, which are too large to be read piece by piece`,
    );
  return {
    widthPixels,
    heightPixels,
    chunkWidth,
    chunkHeight,
    chunksAcross: Math.ceil(widthPixels / chunkWidth),
    chunksDown: Math.ceil(heightPixels / chunkHeight),
    isTiled,
    samples,
    chunkSamples,
    compression,
    predictor,
    bitsPerSample,
    dtype,
    isHalfFloat: bitsPerSample === 16 && formats[0] === 3,
  };
}

const isSide = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MAX_SIDE_PIXELS;

/** Sample format 1 is unsigned, 2 signed, 3 floating point; 4 "undefined" is taken as unsigned, as everybody does. */
function dtypeOf(bits: number, format: number): RasterDtype | undefined {
  if (format === 3) return bits === 16 || bits === 32 ? "float32" : bits === 64 ? "float64" : undefined;
  if (format === 2) return ({ 8: "int8", 16: "int16", 32: "int32" } as const)[bits];
  if (format !== 1 && format !== 4) return undefined;
  if (bits === 32) return "uint32";
  return bits >= 1 && bits <= 8 ? "uint8" : bits <= 16 ? "uint16" : undefined;
}
