import type { RunContext } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { AudioOptions } from "../audio-options.ts";
import { ffmpegVersion } from "../native/ffmpeg.ts";
import { decodeWithFfmpeg } from "./ffmpeg/decode-with-ffmpeg.ts";
import { demuxers } from "./ffmpeg/demuxers.ts";
import { mp3Length } from "./ffmpeg/mp3-length.ts";
import { streamableIsoMedia } from "./iso-media/streamable.ts";
import type { DecodeRequest, SampleStream } from "./sample-stream.ts";
import { decodeWithWasm } from "./wasm/decode-with-wasm.ts";
import { wasmFormatOf } from "./wasm/wasm-format.ts";
import { decodeWav } from "./wav/decode-wav.ts";
import { isPlainPcm } from "./wav/sample-reader.ts";
import { readWavHeader, type WavHeader } from "./wav/wav-header.ts";

/** From here on resampling WAV in ffmpeg is faster than here, its start-up of 60 ms included. */
const OWN_RESAMPLING_SECONDS = 20;

export interface Recording {
  readonly mediaType: string;
  /** The first 4 KiB. */
  readonly head: Uint8Array;
  /** The media type is that of the bytes, and not only what the sender says. */
  readonly isProven: boolean;
}

export interface ChosenDecoder {
  /** For the receipt: "wav", "ffmpeg 5.1.9", "wasm-mp3". */
  readonly name: string;
  /** Seconds the recording holds, when that is known before it is read. */
  readonly knownSeconds?: number | undefined;
  readonly open: () => SampleStream;
}

/**
 * The decoder for a recording on this machine: plain WAV is read here, everything else by ffmpeg, and by WebAssembly
 * where there is no ffmpeg. Throws SG_AUDIO_DECODER_MISSING, SG_INPUT_CORRUPT and SG_INPUT_ENCRYPTED.
 */
export async function chooseDecoder(
  request: DecodeRequest,
  { mediaType, head, isProven }: Recording,
  { options, context }: { readonly options: AudioOptions; readonly context: Pick<RunContext, "offload" | "scratch"> },
): Promise<ChosenDecoder> {
  const version = options.decoder === "own" ? undefined : await ffmpegVersion(options.ffmpegPath);
  const header = mediaType === "audio/wav" ? await readWavHeader(request.blob) : undefined;
  if (header !== undefined && isPlainPcm(header)) {
    const knownSeconds = secondsOf(header, request.blob);
    const isQuick = header.sampleRateHz === request.sampleRateHz || knownSeconds <= OWN_RESAMPLING_SECONDS;
    if (isQuick || version === undefined)
      return { name: "wav", knownSeconds, open: () => decodeWav(request, { header, offload: context.offload }) };
  }
  const demuxer = demuxers[mediaType];
  const format = isProven ? wasmFormatOf(mediaType, head) : undefined;
  if (version !== undefined && demuxer !== undefined) {
    const blob = demuxer === "mov" ? await streamableIsoMedia(request.blob) : request.blob;
    const inputSamples = mediaType === "audio/mpeg" ? mp3Length(head) : undefined;
    const settings = { mediaType, demuxer, inputSamples, path: options.ffmpegPath, maxSeconds: options.maxSeconds + 1 };
    return { name: `ffmpeg ${version}`, open: () => decodeWithFfmpeg({ ...request, blob }, settings) };
  }
  if (format !== undefined) {
    const settings = { format, maxSeconds: options.maxSeconds, context };
    return { name: `wasm-${format}`, open: () => decodeWithWasm(request, settings) };
  }
  if (!isProven) throw fail("SG_INPUT_CORRUPT", `The bytes are not a readable ${mediaType} recording`);
  throw fail("SG_AUDIO_DECODER_MISSING", `${mediaType} needs ffmpeg, which is not on this machine`, {
    hint: "Install it: apt-get install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS).",
  });
}

function secondsOf({ dataBytes, dataStart, frameBytes, sampleRateHz }: WavHeader, blob: Blob): number {
  const bytes = Math.min(dataBytes ?? Infinity, Math.max(0, blob.size - dataStart));
  return Math.floor(bytes / frameBytes) / sampleRateHz;
}
