import type { Codec } from "../../contract/modality.ts";
import { pageTextJsonCodec } from "./page-text-json.ts";
import type { PageText } from "./page-text-schema.ts";
import { pageTextToPlainText } from "./plain-text.ts";

/**
 * Encodings of page-text by media type, the default first. Only JSON is read back.
 * What few ask for is loaded when it is asked for: a page that embeds the kernel does not pay for it at once.
 */
export const pageTextCodecs: Readonly<Record<string, Codec<PageText>>> = {
  "application/json": pageTextJsonCodec,
  "text/plain": { encode: pageTextToPlainText },
  "text/markdown": { encode: async (value) => (await import("./markdown.ts")).pageTextToMarkdown(value) },
  "text/vnd.hocr+html": { encode: async (value) => (await import("./hocr.ts")).pageTextToHocr(value) },
  "application/alto+xml": { encode: async (value) => (await import("./alto.ts")).pageTextToAlto(value) },
  "text/tab-separated-values": { encode: async (value) => (await import("./tesseract-tsv.ts")).pageTextToTsv(value) },
};
