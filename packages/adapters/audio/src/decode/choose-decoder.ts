import type { RunContext } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { AudioOptions } from "../audio-options.ts";
import { ffmpegVersion } from "../native/ffmpeg.ts";
import { decodeWithFfmpeg } from "./ffmpeg/decode-with-ffmpeg.ts";
import { demuxers } from "./ffmpeg/demuxers.ts";
import type { MissingEnd } from "./missing-end.ts";
import { filterCoefficients } from "./resample/plan-resampling.ts";
import { statedLength } from "./length/stated-length.ts";
import { streamableIsoMedia } from "./iso-media/streamable.ts";
import type { Recording } from "./recognise-recording.ts";
import type { DecodeRequest, SampleStream } from "./sample-stream.ts";
import { decodeWithWasm } from "./wasm/decode-with-wasm.ts";
import { wasmFormatOf } from "./wasm/wasm-format.ts";
import { decodeWav } from "./wav/decode-wav.ts";
import { isPlainPcm } from "./wav/sample-reader.ts";
import { readWavHeader, type WavHeader } from "./wav/wav-header.ts";

/** From here on resampling WAV in ffmpeg is faster than here, its start-up of 60 ms included. */
const OWN_RESAMPLING_SECONDS = 20;
/** A filter of more coefficients takes longer to make than ffmpeg to start. */
const OWN_FILTER_COEFFICIENTS = 250_000;

export interface ChosenDecoder {
  /** For the receipt: "wav", "ffmpeg 5.1.9", "wasm-mp3". */
  readonly name: string;
  /** Seconds the recording says it holds, when it says so at its beginning. */
  readonly knownSeconds?: number | undefined;
  /** Seconds that its bytes have room for, where that can be told without decoding them. */
  readonly thereSeconds?: number | undefined;
  /** What its bytes hold beyond the end that it states. */
  readonly beyondEnd?: MissingEnd | undefined;
  readonly open: () => SampleStream;
}

/**
 * The decoder for a recording on this machine: plain WAV is read here, everything else by ffmpeg, and by WebAssembly
 * where there is no ffmpeg. Throws SG_AUDIO_DECODER_MISSING, SG_INPUT_CORRUPT and SG_INPUT_ENCRYPTED.
 */
export async function chooseDecoder(
  request: DecodeRequest,
  { mediaType, head }: Recording,
  { options, context }: { readonly options: AudioOptions; readonly context: Pick<RunContext, "offload" | "scratch"> },
): Promise<ChosenDecoder> {
  const version = options.decoder === "own" ? undefined : await ffmpegVersion(options.ffmpegPath);
  const header = mediaType === "audio/wav" ? await readWavHeader(request.blob) : undefined;
  const isPlain = header !== undefined && isPlainPcm(header);
  const beyondEnd = isPlain ? beyondEndOf(header) : undefined;
  if (isPlain) {
    const seconds = secondsOf(header, request.blob);
    const { sampleRateHz } = header;
    const isQuick =
      sampleRateHz === request.sampleRateHz ||
      (seconds <= OWN_RESAMPLING_SECONDS &&
        filterCoefficients(sampleRateHz, request.sampleRateHz) <= OWN_FILTER_COEFFICIENTS);
    if (isQuick || version === undefined) {
      const knownSeconds = header.dataBytes === undefined ? seconds : promisedSeconds(header, header.dataBytes);
      const open = (): SampleStream => decodeWav(request, { header, offload: context.offload });
      return { name: "wav", knownSeconds, thereSeconds: seconds, beyondEnd, open };
    }
  }
  const demuxer = demuxers[mediaType];
  const format = wasmFormatOf(mediaType, head);
  const stated = statedLength(mediaType, head);
  const knownSeconds = stated === undefined ? undefined : stated.samples / stated.sampleRateHz;
  if (version !== undefined && demuxer !== undefined) {
    const blob = await streamable(request.blob, demuxer, header);
    // Only MP3 has padding that ffmpeg leaves in what comes through a pipe.
    const inputSamples = mediaType === "audio/mpeg" ? stated?.samples : undefined;
    const settings = { mediaType, demuxer, inputSamples, path: options.ffmpegPath, maxSeconds: options.maxSeconds + 1 };
    const open = (): SampleStream => decodeWithFfmpeg({ ...request, blob }, settings);
    return { name: `ffmpeg ${version}`, knownSeconds, beyondEnd, open };
  }
  if (format !== undefined) {
    const settings = { format, maxSeconds: options.maxSeconds, context };
    return { name: `wasm-${format}`, knownSeconds, open: () => decodeWithWasm(request, settings) };
  }
  throw fail("SG_AUDIO_DECODER_MISSING", `${mediaType} needs ffmpeg, which is not on this machine`, {
    hint: "Install it: apt-get install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS).",
  });
}

/** What a pipe can be read from: an index in front, and no length that was written before anybody knew it. */
async function streamable(blob: Blob, demuxer: string, header: WavHeader | undefined): Promise<Blob> {
  if (demuxer === "mov") return streamableIsoMedia(blob);
  if (header === undefined || header.dataBytes !== undefined) return blob;
  const unknownLength = new Uint8Array(4).fill(0xff);
  return new Blob([blob.slice(0, header.dataStart - 4), unknownLength, blob.slice(header.dataStart)]);
}

/** Less than this behind the end is somebody's filling. */
const WORTH_TELLING_SECONDS = 0.25;

function beyondEndOf(header: WavHeader): MissingEnd | undefined {
  const { dataBytes = 0, strayBytes } = header;
  if (promisedSeconds(header, strayBytes) < WORTH_TELLING_SECONDS) return undefined;
  const ofSeconds = promisedSeconds(header, dataBytes + strayBytes);
  return { ofSeconds, reason: "the file goes on behind the end that it states" };
}

/** Seconds that are there, whatever the header promises. */
function secondsOf(header: WavHeader, blob: Blob): number {
  return promisedSeconds(header, Math.min(header.dataBytes ?? Infinity, Math.max(0, blob.size - header.dataStart)));
}

function promisedSeconds({ frameBytes, sampleRateHz }: WavHeader, dataBytes: number): number {
  return Math.floor(dataBytes / frameBytes) / sampleRateHz;
}
