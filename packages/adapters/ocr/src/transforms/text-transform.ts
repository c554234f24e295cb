import { defineTransform, pageText, text } from "@stargate/kernel";

/** `ocr.text`: the text of pages in reading order, a blank line between blocks, a form feed between pages. */
export const textTransform = defineTransform({
  id: "ocr.text",
  version: "1.0.0",
  summary: "Plain text of pages, in reading order",
  from: pageText,
  to: text,
  coverage: "whole",
  cost: (descriptor) => ({ ms: 1 + 0.2 * Number(descriptor["pages"] ?? 1) }),
  loss: { layout: 1 },
  async run(input, { signal, offload }) {
    // The modality knows its plain text; there is one way to write it.
    const encoded = await pageText.codecs["text/plain"]?.encode?.(input, { signal, offload });
    return typeof encoded === "string" ? encoded : "";
  },
});
