import { type Adapter, defineAdapter, parseStrictly } from "@stargate/kernel";
import { letGoOfIdle } from "./native/idle-keeper.ts";
import { invoiceTransform } from "./invoice/invoice-transform.ts";
import { checkOcr } from "./ocr-check.ts";
import { type OcrOptionsInput, ocrOptionsSchema } from "./ocr-options.ts";
import { searchablePdfCodec } from "./searchable-pdf/searchable-pdf-codec.ts";
import { searchablePdf } from "./searchable-pdf/searchable-pdf-transform.ts";
import { imageTransform } from "./transforms/image-transform.ts";
import { createReadTransform } from "./transforms/read-transform.ts";
import { textTransform } from "./transforms/text-transform.ts";

/**
 * Any document in, text out: PDF, TIFF, PNG, JPEG, WebP, BMP, GIF and PNM. Throws SG_OPTIONS_INVALID.
 * @example
 * const gate = await openGate({ adapters: [ocr()] });
 * console.log(await gate.run(file, { to: "text" }));
 */
export function ocr(input: OcrOptionsInput = {}): Adapter {
  const options = parseStrictly("Options of the ocr adapter", ocrOptionsSchema, input);
  return defineAdapter({
    spec: 1,
    id: "ocr",
    version: "0.1.0",
    summary: "Any document in, text out: PDF, scans and photos, with boxes and searchable PDF",
    transforms: [createReadTransform(options), textTransform, imageTransform, searchablePdf, invoiceTransform],
    codecs: [searchablePdfCodec],
    check: () => checkOcr(options),
    async close() {
      letGoOfIdle();
    },
  });
}
