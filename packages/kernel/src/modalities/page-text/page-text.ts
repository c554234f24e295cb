import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { pageTextCodecs } from "./page-text-codecs.ts";
import { pageTextSchema } from "./page-text-schema.ts";

/** Text of the pages of a document, with boxes and confidences, in reading order. */
export const pageText = defineModality({
  id: "page-text",
  summary: "Text of pages with boxes, confidence and reading order",
  schema: pageTextSchema,
  measure: "page",
  measureOf: (value) => value.pages.length,
  describe: (value) => ({ pages: value.pages.length, pageCount: value.pageCount }),
  sizeOf: (value) => 1024 + value.pages.length * 64 * 1024,
  sniff: sniffPageText,
  codecs: pageTextCodecs,
});

/** Recognises its own JSON by two of its fields near the beginning. */
function sniffPageText(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  const ours = json !== undefined && /"pages"\s*:\s*\[/.test(json) && /"(?:pageCount|rotationDegrees)"\s*:/.test(json);
  return ours ? { mediaType: "application/json", confidence: 0.6 } : undefined;
}
