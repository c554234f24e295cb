import { z } from "zod";
import type { Codec } from "../../contract/modality.ts";
import { defineModality } from "../../define/define-modality.ts";
import { decodeText, encodingOf } from "./decode-text.ts";
import { textHead } from "./sniff-text.ts";

const codec: Codec<string> = { decode: decodeText, encode: (value) => value };

/** Plain text. Its measure "character" counts UTF-16 code units, as `length` does. */
export const text = defineModality({
  id: "text",
  summary: "Plain text",
  schema: z.string(),
  measure: "character",
  measureOf: (value) => value.length,
  describe: (value) => ({ characters: value.length }),
  sizeOf: (value) => value.length * 2,
  sniff(head) {
    if (textHead(head) === undefined) return undefined;
    return { mediaType: "text/plain", confidence: encodingOf(head) === "utf-8" ? 0.2 : 0.3 };
  },
  codecs: { "text/plain": codec, "text/markdown": codec },
  example: "Stargate turns signals into what you want to know.",
});
