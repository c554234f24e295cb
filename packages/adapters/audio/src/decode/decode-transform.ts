import { audio, defineTransform, many, pcm } from "@stargate/kernel";
import type { AudioOptions } from "../audio-options.ts";
import { decodeAudio } from "./decode-audio.ts";
import { decodeOptionsSchema } from "./decode-options.ts";

/** Bytes of a compressed recording per millisecond of decoding: a prior, as long as nothing was measured. */
const BYTES_PER_MS = 8000;

/** Any recording to sound as numbers, streamed. */
export function createDecodeTransform(options: AudioOptions) {
  return defineTransform({
    id: "audio.decode",
    version: "1.0.0",
    summary: "Any recording as sound in numbers: mono, 16 kHz unless asked otherwise, streamed",
    from: audio,
    to: many(pcm),
    coverage: "reported",
    options: decodeOptionsSchema,
    loss: { stereo: 1, bandwidth: 0.2 },
    cost: ({ bytes }) => ({ ms: 60 + Number(bytes ?? 0) / BYTES_PER_MS }),
    run: (input, context) => decodeAudio(input, context, options),
  });
}
