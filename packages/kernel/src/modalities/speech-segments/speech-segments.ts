import { z } from "zod";
import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { parseValue } from "../parse-value.ts";

const segmentSchema = z.strictObject({
  /** Seconds from the beginning of the recording. */
  startSeconds: z.number().nonnegative(),
  endSeconds: z.number().nonnegative(),
  /** Mean probability of speech over the segment, 0-1, as the detector gave it. */
  probability: z.number().min(0).max(1),
});

const speechSegmentsSchema = z
  .strictObject({
    /** Length of the recording that was listened to. */
    durationSeconds: z.number().nonnegative(),
    /** Model or method that found them. */
    detector: z.string().min(1),
    /** In order, none overlapping another. */
    segments: z.array(segmentSchema).readonly(),
  })
  .refine(
    ({ segments, durationSeconds }) =>
      segments.every(
        ({ startSeconds, endSeconds }, index) =>
          (segments[index - 1]?.endSeconds ?? 0) <= startSeconds &&
          startSeconds < endSeconds &&
          endSeconds <= durationSeconds,
      ),
    { path: ["segments"], error: "segments overlap, run backwards or pass the end of the recording" },
  );

export type SpeechSegments = Readonly<z.infer<typeof speechSegmentsSchema>>;
export type SpeechSegment = Readonly<z.infer<typeof segmentSchema>>;

/** Where somebody speaks in a recording. */
export const speechSegments = defineModality({
  id: "speech-segments",
  summary: "Where somebody speaks in a recording",
  schema: speechSegmentsSchema,
  measure: "second",
  measureOf: (value) => value.durationSeconds,
  describe: (value) => ({
    durationSeconds: value.durationSeconds,
    segments: value.segments.length,
    speechSeconds: value.segments.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0),
  }),
  sizeOf: (value) => 256 + value.segments.length * 64,
  sniff: sniffSpeechSegments,
  codecs: {
    "application/json": {
      decode: async (input) => parseValue("speech-segments", speechSegmentsSchema, await decodeJson(input)),
      encode: (value) => JSON.stringify(value),
    },
  },
  example: {
    durationSeconds: 11,
    detector: "silero-vad",
    segments: [{ startSeconds: 0.322, endSeconds: 2.27, probability: 0.94 }],
  },
});

/** Recognises its own JSON by two of its fields. */
function sniffSpeechSegments(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  const isOurs = json !== undefined && /"detector"\s*:\s*"/.test(json) && /"segments"\s*:\s*\[/.test(json);
  return isOurs ? { mediaType: "application/json", confidence: 0.6 } : undefined;
}
