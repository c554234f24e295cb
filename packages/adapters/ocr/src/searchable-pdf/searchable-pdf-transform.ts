import { defineTransform, document, pageText } from "@stargate/kernel";
import { encodeSearchablePdf } from "./searchable-pdf-codec.ts";

/**
 * The searchable PDF as a step of a pipeline, for sinks and further steps that take documents. Kept out of automatic
 * plans: a plan from page-text to document is never what "convert" means, the encoding is.
 */
export const searchablePdf = defineTransform({
  id: "ocr.searchable-pdf",
  version: "1.0.0",
  summary: "Lays the text invisibly under the document it was read from",
  from: pageText,
  to: document,
  coverage: "whole",
  plannable: false,
  cost: (descriptor) => ({ ms: 20 + 5 * Number(descriptor["pages"] ?? 1) }),
  async run(input, context) {
    const bytes = await encodeSearchablePdf(input, context);
    return { blob: new Blob([bytes], { type: "application/pdf" }), mediaType: "application/pdf" };
  },
});
