import type { Codec } from "../../contract/modality.ts";
import { pageTextToAlto } from "./alto.ts";
import { pageTextToHocr } from "./hocr.ts";
import { pageTextToMarkdown } from "./markdown.ts";
import { pageTextJsonCodec } from "./page-text-json.ts";
import type { PageText } from "./page-text-schema.ts";
import { pageTextToPlainText } from "./plain-text.ts";
import { pageTextToTsv } from "./tesseract-tsv.ts";

/** Encodings of page-text by media type, the default first. Only JSON is read back. */
export const pageTextCodecs: Readonly<Record<string, Codec<PageText>>> = {
  "application/json": pageTextJsonCodec,
  "text/plain": { encode: pageTextToPlainText },
  "text/markdown": { encode: pageTextToMarkdown },
  "text/vnd.hocr+html": { encode: pageTextToHocr },
  "application/alto+xml": { encode: pageTextToAlto },
  "text/tab-separated-values": { encode: pageTextToTsv },
};
