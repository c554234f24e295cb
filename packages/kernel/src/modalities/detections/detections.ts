import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { parseValue } from "../parse-value.ts";
import { detectionsSchema } from "./detections-schema.ts";

/** Things found in one picture, each with label, score and box. Its measure counts them. */
export const detections = defineModality({
  id: "detections",
  summary: "Things found in a picture, with label, score and box",
  schema: detectionsSchema,
  measure: "detection",
  measureOf: (value) => value.detections.length,
  describe: ({ widthPixels, heightPixels, classes, detections: found }) => ({
    detections: found.length,
    widthPixels,
    heightPixels,
    classes,
    topLabel: found[0]?.label ?? null,
    topScore: found[0]?.score ?? null,
  }),
  sizeOf: (value) => 512 + value.detections.length * 256,
  sniff: sniffDetections,
  codecs: {
    "application/json": {
      decode: async (input) => parseValue("detections", detectionsSchema, await decodeJson(input)),
      encode: (value) => JSON.stringify(value),
    },
    "application/vnd.coco-results+json": {
      encode: async (value) => (await import("./coco-results.ts")).writeCocoResults(value),
    },
    "application/vnd.supervision+json": {
      encode: async (value) => (await import("./supervision-json.ts")).writeSupervisionJson(value),
    },
  },
  example: {
    widthPixels: 640,
    heightPixels: 427,
    classes: "coco-80",
    detections: [{ label: "dog", classId: 16, score: 0.87, box: [320, 220, 582, 404] }],
  },
});

/** Recognises its own JSON by two of its fields. */
function sniffDetections(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  const isOurs = json !== undefined && /"detections"\s*:\s*\[/.test(json) && /"widthPixels"\s*:\s*\d/.test(json);
  return isOurs ? { mediaType: "application/json", confidence: 0.6 } : undefined;
}
