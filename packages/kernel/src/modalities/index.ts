import type { AnyModality } from "../contract/modality.ts";
import { bytes } from "./bytes.ts";
import { detections } from "./detections/detections.ts";
import { document } from "./document.ts";
import { embedding } from "./embedding/embedding.ts";
import { image } from "./image.ts";
import { invoice } from "./invoice/invoice.ts";
import { json } from "./json/json.ts";
import { pageText } from "./page-text/page-text.ts";
import { pixels } from "./pixels/pixels.ts";
import { table } from "./table/table.ts";
import { text } from "./text/text.ts";

export { bytes, detections, document, embedding, image, invoice, json, pageText, pixels, table, text };

/** The shared vocabulary, which every registry holds. Earlier ones win where bytes are recognised as several. */
export const sharedModalities: readonly AnyModality[] = [
  document,
  image,
  pageText,
  invoice,
  embedding,
  detections,
  table,
  json,
  text,
  pixels,
  bytes,
];
