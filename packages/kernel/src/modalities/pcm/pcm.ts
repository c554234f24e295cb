import { defineModality } from "../../define/define-modality.ts";
import { pcmSchema, type Pcm } from "./pcm-schema.ts";

/**
 * Sound as numbers. Recordings travel as `many(pcm)`: pieces in order, each with the second it begins at, none of them
 * longer than a few seconds, so that a recording of any length fits into memory.
 */
export const pcm = defineModality({
  id: "pcm",
  summary: "A piece of sound as numbers",
  schema: pcmSchema,
  measure: "second",
  measureOf: secondsOf,
  timeOf: (value) => value.startSeconds,
  describe: (value) => ({
    durationSeconds: secondsOf(value),
    sampleRateHz: value.sampleRateHz,
    channels: value.channels,
    startSeconds: value.startSeconds,
  }),
  sizeOf: (value) => value.samples.byteLength + 64,
  codecs: {
    "audio/wav": { encode: async (value) => (await import("./write-wav.ts")).writeWav(value) },
    "application/json": {
      decode: async (input) => (await import("./pcm-json.ts")).readPcmJson(input),
      encode: async (value) => (await import("./pcm-json.ts")).writePcmJson(value),
    },
  },
});

function secondsOf({ samples, channels, sampleRateHz }: Pcm): number {
  return samples.length / channels / sampleRateHz;
}
