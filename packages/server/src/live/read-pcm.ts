import type { Pcm } from "@stargate/kernel";
import { fail } from "../errors/live-errors.ts";
import type { PcmFormat } from "./pcm-format.ts";

/** Longest piece that is passed on: a long message must not make what follows it wait. */
const LONGEST_SECONDS = 1;

/** Told of every piece that was passed on. */
export type PieceListener = (piece: { readonly endSeconds: number }) => void;

/**
 * Turns bytes as they come, cut anywhere, into pieces of sound in order and without gaps. Throws SG_LIVE_FORMAT when the
 * last sample is cut.
 */
export async function* readPcm(
  chunks: AsyncIterable<Uint8Array>,
  { encoding, sampleRateHz, channels }: PcmFormat,
  onPiece?: PieceListener,
): AsyncGenerator<Pcm> {
  const sampleBytes = encoding === "s16le" ? 2 : 4;
  const frameBytes = sampleBytes * channels;
  const longestBytes = LONGEST_SECONDS * sampleRateHz * frameBytes;
  let held: Buffer = Buffer.alloc(0);
  let frames = 0;
  for await (const chunk of chunks) {
    let bytes: Buffer = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    while (bytes.length >= frameBytes) {
      const piece = bytes.subarray(0, Math.min(longestBytes, bytes.length - (bytes.length % frameBytes)));
      bytes = bytes.subarray(piece.length);
      const startSeconds = frames / sampleRateHz;
      frames += piece.length / frameBytes;
      onPiece?.({ endSeconds: frames / sampleRateHz });
      yield { samples: samplesOf(piece, encoding), sampleRateHz, channels, startSeconds };
    }
    held = bytes;
  }
  if (held.length > 0)
    throw fail("SG_LIVE_FORMAT", `The sound ends in the middle of a sample: ${held.length} bytes are left`, {
      hint: `Send whole samples of ${frameBytes} bytes (${encoding}, ${channels} channel${channels === 1 ? "" : "s"}).`,
    });
}

function samplesOf(bytes: Buffer, encoding: PcmFormat["encoding"]): Float32Array<ArrayBuffer> {
  if (encoding === "s16le")
    return Float32Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2) / 32_768);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
