import type { SniffResult } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { jsonHead } from "../json/sniff-json.ts";
import { textHead } from "../text/sniff-text.ts";
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

/** Recognises its own JSON, hOCR and ALTO by their marks near the beginning. */
function sniffPageText(head: Uint8Array, sizeBytes: number): SniffResult | undefined {
  const json = jsonHead(head, sizeBytes);
  if (json !== undefined) {
    const ours = /"pages"\s*:\s*\[/.test(json) && /"(?:pageCount|rotationDegrees)"\s*:/.test(json);
    return ours ? { mediaType: "application/json", confidence: 0.6 } : undefined;
  }
  const markup = textHead(head);
  if (markup === undefined || !markup.trimStart().startsWith("<")) return undefined;
  if (/<(?:\w+:)?alto[\s>]/.test(markup)) return { mediaType: "application/alto+xml", confidence: 0.8 };
  if (/class=['"]ocr_page|name=['"]ocr-system/.test(markup))
    return { mediaType: "text/vnd.hocr+html", confidence: 0.8 };
  return undefined;
}
