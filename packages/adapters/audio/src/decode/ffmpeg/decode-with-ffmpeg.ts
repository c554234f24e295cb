import { fail } from "../../audio-errors.ts";
import { type FfmpegEnd, runFfmpeg } from "../../native/ffmpeg.ts";
import type { DecodeRequest, SampleStream } from "../sample-stream.ts";

const BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface FfmpegSettings {
  readonly mediaType: string;
  readonly demuxer: string;
  readonly maxSeconds: number;
  readonly inputSamples?: number | undefined;
  readonly path?: string | undefined;
}

/**
 * Decodes whatever ffmpeg reads. What came before a break is given, and the break is said at the end.
 * Throws SG_INPUT_CORRUPT when nothing can be read, SG_AUDIO_NO_SOUND, SG_AUDIO_ENGINE_FAILED.
 */
export async function* decodeWithFfmpeg(
  { blob, sampleRateHz, signal }: DecodeRequest,
  { mediaType, ...settings }: FfmpegSettings,
): SampleStream {
  const run = runFfmpeg({ ...settings, input: blob, sampleRateHz, signal });
  // Pieces on memory of their own: aligned, and nobody else's buffer pool. ffmpeg's order is little-endian, as is Node's.
  let piece = new Uint8Array(sampleRateHz * BYTES);
  let filled = 0;
  let hasSound = false;
  try {
    for (let next = await run.next(); ; next = await run.next()) {
      if (next.done === true) {
        const samples = Math.floor(filled / BYTES);
        hasSound ||= samples > 0;
        if (samples > 0) yield new Float32Array(piece.buffer, 0, samples).slice();
        return endOf(next.value, hasSound, mediaType);
      }
      for (let bytes = next.value; bytes.length > 0;) {
        const part = bytes.subarray(0, piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
        bytes = bytes.subarray(part.length);
        if (filled < piece.length) continue;
        hasSound = true;
        yield new Float32Array(piece.buffer);
        piece = new Uint8Array(sampleRateHz * BYTES);
        filled = 0;
      }
    }
  } finally {
    await run.return(undefined as never); // ends the process; what it returns is not read
  }
}

function endOf({ ok, lines, promisedSeconds }: FfmpegEnd, hasSound: boolean, mediaType: string) {
  if (!hasSound && !ok) throw refusal(lines, mediaType);
  const complaint = lines.find((line) => breaks.test(line) && !pictures.test(line));
  const brokenOff = !ok || complaint !== undefined ? "the recording is damaged or breaks off" : undefined;
  return { promisedSeconds, brokenOff };
}

/** What decoders and demuxers of ffmpeg write when something is missing. */
const breaks =
  /partial file|truncat|invalid data found|error while decoding|end of file|could not find (?:codec|ref)|packet too small|Header missing|stream \d+, offset 0x[0-9a-f]+: /i;

/** Said of a cover picture, which is nobody's sound. */
const pictures = /Video: |attached pic|^\[(?:mjpeg|png|bmp|gif|webp)\b/;

function refusal(lines: readonly string[], mediaType: string): Error {
  const said = lines.join("\n");
  if (/does not contain any stream|matches no streams|Output file is empty|no streams/i.test(said))
    return fail("SG_AUDIO_NO_SOUND", `The ${mediaType} file has no sound: no track of it is audio`);
  if (/encrypt|DRM|protected/i.test(said))
    return fail("SG_INPUT_ENCRYPTED", "The recording is protected and cannot be decoded", {
      hint: "Send a copy without protection.",
    });
  return fail("SG_INPUT_CORRUPT", `The bytes are not a readable ${mediaType} recording`);
}
