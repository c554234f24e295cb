import { defineTransform, document, pageText } from "@stargate/kernel";
import { type OcrOptions, readOptionsSchema } from "../ocr-options.ts";
import { readDocument } from "./read-document.ts";

/** Milliseconds a page takes, before anything was measured: between a text layer (15) and a scan (2500). */
const PAGE_MS = 800;

/** Bytes a page takes, before anything is known of a file: the number of pages is not in its first bytes. */
const PAGE_BYTES = 100_000;

/** `ocr.read`: any document to the text of its pages. */
export function createReadTransform(options: OcrOptions) {
  return defineTransform({
    id: "ocr.read",
    version: "1.0.0",
    summary: "Reads a document: text layers where they are good, OCR where they are not",
    from: document,
    to: pageText,
    options: readOptionsSchema,
    coverage: "reported",
    cost: (descriptor) => {
      const bytes = Number(descriptor["sizeBytes"] ?? PAGE_BYTES);
      const pages = Number(descriptor["pages"] ?? Math.ceil(bytes / PAGE_BYTES));
      return { ms: 100 + PAGE_MS * Math.max(1, pages) };
    },
    loss: { pictures: 1 },
    run: (input, context) => readDocument(input, context, options),
  });
}
