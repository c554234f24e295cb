import { z } from "zod";
import { defineModality } from "../../define/define-modality.ts";
import type { Json } from "../../util/json.ts";
import { decodeJson } from "./parse-json.ts";
import { jsonHead } from "./sniff-json.ts";

const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>; // z.json() types undefined properties away; same values

/** Any JSON value. */
export const json = defineModality({
  id: "json",
  summary: "JSON",
  schema: jsonSchema,
  measure: "none",
  sniff: (head, sizeBytes) =>
    jsonHead(head, sizeBytes) === undefined ? undefined : { mediaType: "application/json", confidence: 0.5 },
  codecs: { "application/json": { decode: (input) => decodeJson(input), encode: (value) => JSON.stringify(value) } },
  example: { answer: 42 },
});
