import type { Codec } from "../../contract/modality.ts";
import { fail } from "../../errors/catalog.ts";
import { decodeJson } from "../json/parse-json.ts";
import { type PageText, pageTextSchema } from "./page-text-schema.ts";

/** A word takes about 100 bytes and 4 keys: room for some 2,000 dense pages. */
const limits = { maxDepth: 12, maxKeys: 10_000_000, maxBytes: 256 * 1024 * 1024 };

/**
 * The whole value but `source`, which is a file. Boxes are pixels at the `dpi` of their page, origin top-left.
 * Decoding throws SG_INPUT_CORRUPT, SG_INPUT_INVALID and SG_INPUT_TOO_LARGE.
 */
export const pageTextJsonCodec: Codec<PageText> = {
  encode: ({ pages, pageCount }) => JSON.stringify({ pageCount, pages }),
  async decode(input) {
    const result = pageTextSchema.omit({ source: true }).safeParse(await decodeJson(input, limits));
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const place = issue?.path.join(".") ?? "";
    throw fail(
      "SG_INPUT_INVALID",
      `Not a page-text value: ${place === "" ? "" : `${place}: `}${issue?.message ?? "wrong shape"}`,
      {
        cause: result.error,
      },
    );
  },
};
