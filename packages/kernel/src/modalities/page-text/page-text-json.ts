import type { Codec } from "../../contract/modality.ts";
import { decodeJson } from "../json/parse-json.ts";
import { parseValue } from "../parse-value.ts";
import { type PageText, pageTextSchema } from "./page-text-schema.ts";

/** A word takes about 100 bytes and 4 keys: room for some 2,000 dense pages. */
const limits = { maxDepth: 12, maxKeys: 10_000_000, maxBytes: 256 * 1024 * 1024 };

const transportSchema = pageTextSchema.omit({ source: true });

/**
 * The whole value but `source`, which is a file. Boxes are pixels at the `dpi` of their page, origin top-left.
 * Decoding throws SG_INPUT_CORRUPT, SG_INPUT_INVALID and SG_INPUT_TOO_LARGE.
 */
export const pageTextJsonCodec: Codec<PageText> = {
  encode: ({ pages, pageCount }) => JSON.stringify({ pageCount, pages }),
  decode: async (input) => parseValue("page-text", transportSchema, await decodeJson(input, limits)),
};
