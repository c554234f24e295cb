import { z } from "zod";
import { defineModality } from "../define/define-modality.ts";

/** Any bytes, unread: what everything starts from. */
export const bytes = defineModality({
  id: "bytes",
  summary: "Bytes of any kind",
  schema: z.instanceof(Blob),
  measure: "byte",
  measureOf: (blob) => blob.size,
  describe: (blob) => ({ bytes: blob.size, mediaType: blob.type === "" ? null : blob.type }),
  sizeOf: (blob) => blob.size,
  // Everything is bytes, so this says nothing: confidence 0 is taken only where bytes are asked for.
  sniff: () => ({ mediaType: "application/octet-stream", confidence: 0 }),
  codecs: { "application/octet-stream": { decode: (input) => input, encode: (value) => value } },
});
