import { invoiceTransform } from "./invoice/invoice-transform.ts";
import { ocrOptionsSchema } from "./ocr-options.ts";
import { searchablePdf } from "./searchable-pdf/searchable-pdf-transform.ts";
import { imageTransform } from "./transforms/image-transform.ts";
import { createReadTransform } from "./transforms/read-transform.ts";
import { textTransform } from "./transforms/text-transform.ts";

/**
 * The adapter's transforms by verb, typed for the pipeline builder. A pipeline names them; the gate runs those of the
 * adapter it has opened, with its options.
 * @example
 * const letters = pipeline("letters", document, (g, input) => g.step("text", ocrTransforms.text, g.step("read", ocrTransforms.read, input)));
 */
export const ocrTransforms = Object.freeze({
  read: createReadTransform(ocrOptionsSchema.parse({})),
  text: textTransform,
  page: imageTransform,
  searchablePdf,
  invoice: invoiceTransform,
});
