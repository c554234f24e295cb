import { z } from "zod";
import { defineModality } from "../../define/define-modality.ts";
import { fail } from "../../errors/catalog.ts";
import { fromBase64, toBase64 } from "../../util/base64.ts";
import { decodeJson } from "../json/parse-json.ts";
import { parseValue } from "../parse-value.ts";
import { pixelsSchema, type Pixels } from "../media-values.ts";

/** Pixels as JSON carries them. */
const pixelsJsonSchema = z.strictObject({ ...pixelsSchema.shape, data: z.base64() });

/** A decoded picture: 8 bits per channel, rows from the top. Decoding image formats is the adapters' work. */
export const pixels = defineModality({
  id: "pixels",
  summary: "A decoded picture",
  schema: pixelsSchema,
  measure: "pixel",
  measureOf: (value) => value.widthPixels * value.heightPixels,
  describe: ({ widthPixels, heightPixels, channels, dpi }) => ({
    widthPixels,
    heightPixels,
    channels,
    ...(dpi === undefined ? {} : { dpi }),
  }),
  sizeOf: (value) => value.data.byteLength,
  codecs: {
    "image/png": { encode: async (value) => (await import("./png-writer.ts")).writePng(value) },
    "application/json": {
      decode: decodePixels,
      encode: (value) => JSON.stringify({ ...value, data: toBase64(value.data) }),
    },
  },
});

async function decodePixels(input: Blob): Promise<Pixels> {
  const { data: base64, ...rest } = parseValue("pixels", pixelsJsonSchema, await decodeJson(input));
  const data = fromBase64(base64) ?? new Uint8Array(0);
  const expected = rest.widthPixels * rest.heightPixels * rest.channels;
  if (data.length !== expected) {
    throw fail(
      "SG_INPUT_INVALID",
      `Pixels carry ${data.length} bytes; ${rest.widthPixels} x ${rest.heightPixels} x ${rest.channels} needs ${expected}`,
    );
  }
  return { ...rest, data };
}
