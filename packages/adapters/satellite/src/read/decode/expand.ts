import { promisify } from "node:util";
import { isMainThread } from "node:worker_threads";
import * as zlib from "node:zlib";
import { decodeWithGeotiff } from "../../native/geotiff.ts";
import { fail } from "../../satellite-errors.ts";
import type { Compression } from "../tiff/picture-layout.ts";
import { expandLzw } from "./lzw.ts";
import { expandPackBits } from "./pack-bits.ts";

const inflate = promisify<Uint8Array, zlib.ZlibOptions, Buffer<ArrayBuffer>>(zlib.inflate);
/** Absent before Node 22.15. */
const zstd =
  "zstdDecompress" in zlib
    ? promisify<Uint8Array, zlib.ZstdOptions, Buffer<ArrayBuffer>>(zlib.zstdDecompress)
    : undefined;

export interface ExpandOptions {
  readonly compression: Compression;
  /** Bytes the chunk must have. */
  readonly wantedBytes: number;
  readonly jpegTables?: Uint8Array<ArrayBuffer> | undefined;
  readonly lercParameters?: readonly number[] | undefined;
  readonly chunkSamples: number;
}

/**
 * Bytes of a chunk as they were before compression; at least `wantedBytes`. The inflating is zlib's own, on threads of its
 * own for the main thread. Throws SG_INPUT_CORRUPT when the chunk is damaged or too short.
 */
export async function expand(input: Uint8Array<ArrayBuffer>, options: ExpandOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { compression, wantedBytes } = options;
  const output = await expandWith(input, options);
  if (output.length < wantedBytes)
    throw fail(
      "SG_INPUT_CORRUPT",
      `A tile is damaged: ${output.length} bytes came out of its ${compression} compression, ${wantedBytes} were expected`,
    );
  return output;
}

async function expandWith(input: Uint8Array<ArrayBuffer>, options: ExpandOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { compression, wantedBytes } = options;
  // One output chunk: zlib's default of 16 KiB costs three times as much.
  const limits = { chunkSize: Math.max(64, wantedBytes + 64), maxOutputLength: wantedBytes + 1024 * 1024 };
  switch (compression) {
    case "none":
      return input;
    case "deflate":
      return isMainThread ? inflate(input, limits).catch(damaged) : inflateHere(input, limits);
    case "zstd":
      return zstd === undefined ? decodeWithGeotiff(input, options).catch(damaged) : zstd(input, limits).catch(damaged);
    case "lzw": {
      const output = new Uint8Array(wantedBytes);
      return output.subarray(0, expandLzw(input, output));
    }
    case "packbits": {
      const output = new Uint8Array(wantedBytes);
      return output.subarray(0, expandPackBits(input, output));
    }
    case "jpeg":
    case "lerc":
      return decodeWithGeotiff(input, options).catch(damaged);
  }
}

/** In a thread that has nothing else to do the way to zlib's threads is waste. */
function inflateHere(input: Uint8Array<ArrayBuffer>, limits: zlib.ZlibOptions): Uint8Array<ArrayBuffer> {
  try {
    return zlib.inflateSync(input, limits);
  } catch (error) {
    return damaged(error);
  }
}

function damaged(cause: unknown): never {
  throw fail("SG_INPUT_CORRUPT", `A tile is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}
