import { fail } from "../audio-errors.ts";

/** Decoded pieces of all channels. */
export interface DecodedPiece {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

/** A decoder that takes a file piece by piece. */
export interface WasmDecoder {
  decode(bytes: Uint8Array): DecodedPiece;
  flush?(): DecodedPiece;
  free(): void;
}

/** Formats that are read without ffmpeg. */
export type WasmFormat = "mp3" | "flac" | "opus" | "vorbis";

const loaders: Readonly<Record<WasmFormat, () => Promise<{ readonly decoder: () => Promise<WasmDecoder> }>>> = {
  mp3: () => import("@audio/decode-mp3"),
  flac: () => import("@audio/decode-flac"),
  opus: () => import("@audio/decode-opus"),
  vorbis: () => import("@audio/decode-vorbis"),
};

/** A fresh decoder; it computes on the calling thread. Throws SG_AUDIO_DECODER_MISSING when its package is not there. */
export async function openWasmDecoder(format: WasmFormat): Promise<WasmDecoder> {
  try {
    const { decoder } = await loaders[format]();
    return await decoder();
  } catch (cause) {
    throw fail("SG_AUDIO_DECODER_MISSING", `The package @audio/decode-${format} cannot be loaded`, {
      hint: `Run npm install @audio/decode-${format}.`,
      cause,
    });
  }
}
