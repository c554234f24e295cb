import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { parseValue } from "../parse-value.ts";
import { textHead } from "../text/sniff-text.ts";
import { speakerTurnsSchema } from "./speaker-turns-schema.ts";

/**
 * Who speaks when. Any transform from `many(pcm)` to `speaker-turns` is a diariser: what comes after it does not care
 * whose.
 */
export const speakerTurns = defineModality({
  id: "speaker-turns",
  summary: "Who speaks when in a recording",
  schema: speakerTurnsSchema,
  measure: "second",
  measureOf: (value) => value.durationSeconds,
  describe: ({ durationSeconds, diariser, turns }) => ({
    durationSeconds,
    diariser,
    turns: turns.length,
    speakers: new Set(turns.map(({ speaker }) => speaker)).size,
  }),
  sizeOf: (value) => 256 + value.turns.length * 96,
  sniff: sniffSpeakerTurns,
  codecs: {
    "application/json": {
      decode: async (input) => parseValue("speaker-turns", speakerTurnsSchema, await decodeJson(input)),
      encode: (value) => JSON.stringify(value),
    },
    "text/x-rttm": {
      decode: async (input) => (await import("./rttm.ts")).readRttm(await input.text()),
      encode: async (value) => (await import("./rttm.ts")).writeRttm(value),
    },
  },
  example: {
    durationSeconds: 11,
    diariser: "audio.diarise",
    turns: [{ startSeconds: 0.3, endSeconds: 4.5, speaker: "Speaker 1" }],
  },
});

/** Recognises its own JSON by a field that nothing else has, and RTTM by its first line. */
function sniffSpeakerTurns(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const isOurs = /"diariser"\s*:\s*"/.test(jsonHead(head, sizeBytes) ?? "");
  if (isOurs) return { mediaType: "application/json", confidence: 0.6 };
  return /^SPEAKER \S+ \d+ +[\d.]+ /.test(textHead(head) ?? "")
    ? { mediaType: "text/x-rttm", confidence: 0.8 }
    : undefined;
}
