import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { parseValue } from "../parse-value.ts";
import { transcriptSchema } from "./transcript-schema.ts";

/**
 * What is said in a recording, with times. `application/json` is all of it and has the `text` of OpenAI's "json";
 * OpenAI's own two formats have media types of their own.
 */
export const transcript = defineModality({
  id: "transcript",
  summary: "What is said in a recording, with times",
  schema: transcriptSchema,
  measure: "second",
  measureOf: (value) => value.durationSeconds,
  describe: ({ durationSeconds, language, segments, recogniser, text }) => ({
    durationSeconds,
    language,
    segments: segments.length,
    characters: text.length,
    recogniser: recogniser.name,
    quality: recogniser.quality,
  }),
  sizeOf: (value) => 1024 + value.text.length * 2 + value.segments.length * 2048,
  sniff: sniffTranscript,
  codecs: {
    "application/json": {
      decode: async (input) => parseValue("transcript", transcriptSchema, await decodeJson(input)),
      encode: (value) => JSON.stringify(value),
    },
    "text/plain": { encode: (value) => `${value.text.trim()}\n` },
    "text/vtt": { encode: async (value) => (await import("./subtitles.ts")).writeVtt(value) },
    "application/x-subrip": { encode: async (value) => (await import("./subtitles.ts")).writeSrt(value) },
    "text/tab-separated-values": { encode: async (value) => (await import("./subtitles.ts")).writeTsv(value) },
    "application/vnd.openai.transcription+json": {
      encode: async (value) => (await import("./openai-json.ts")).writeOpenaiJson(value),
    },
    "application/vnd.openai.transcription.verbose+json": {
      encode: async (value) => (await import("./openai-json.ts")).writeOpenaiVerboseJson(value),
    },
  },
  example: {
    text: "Ask not what your country can do for you.",
    language: "en",
    task: "transcribe",
    durationSeconds: 3.5,
    segments: [{ startSeconds: 0, endSeconds: 3.2, text: "Ask not what your country can do for you." }],
    recogniser: { name: "whisper", quality: 1, model: "whisper-tiny.en" },
  },
});

/** Recognises its own JSON by two of its fields, the text being longer than the head may show. */
function sniffTranscript(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  if (json === undefined || !/"text"\s*:\s*"/.test(json)) return undefined;
  const isOurs = /"durationSeconds"\s*:\s*\d/.test(json) && /"segments"\s*:\s*\[/.test(json);
  return isOurs ? { mediaType: "application/json", confidence: 0.6 } : undefined;
}
