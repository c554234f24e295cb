import { defineModality } from "../../define/define-modality.ts";
import { fail } from "../../errors/catalog.ts";
import { decodeJson } from "../json/parse-json.ts";
import { parseValue } from "../parse-value.ts";
import { type Embedding, embeddingJsonSchema, embeddingSchema } from "./embedding-schema.ts";

/** A vector counts as one of length 1 within this; rounding to float32, or to six digits, stays far below it. */
const LENGTH_TOLERANCE = 1e-3;

/** Digits that tell every float32 from its neighbours (IEEE 754-2019, 5.12.2). */
const FLOAT32_DIGITS = 9;

/**
 * A vector of length 1 in a model's space. `application/octet-stream` is the bare vector, float32 little-endian, and is
 * only written: it does not say whose space it lies in.
 */
export const embedding = defineModality({
  id: "embedding",
  summary: "A unit vector in a model's space",
  schema: embeddingSchema,
  measure: "none",
  describe: ({ model, dimensions }) => ({ model, dimensions }),
  sizeOf: ({ vector }) => vector.byteLength + 128,
  codecs: {
    "application/json": { decode: decodeEmbedding, encode: encodeJson },
    "application/octet-stream": { encode: encodeFloats },
  },
  example: { model: "clip-vit-base-patch32", dimensions: 2, normalized: true, vector: [0.6, 0.8] },
});

async function decodeEmbedding(input: Blob): Promise<Embedding> {
  const { vector: values, ...rest } = parseValue("embedding", embeddingJsonSchema, await decodeJson(input));
  if (values.length !== rest.dimensions)
    throw fail("SG_INPUT_INVALID", `Embedding has ${values.length} values and says dimensions: ${rest.dimensions}`);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (Math.abs(length - 1) > LENGTH_TOLERANCE)
    throw fail("SG_INPUT_INVALID", `Embedding has length ${length.toPrecision(4)} and says normalized: true`, {
      hint: "Divide every value by the vector's Euclidean length.",
    });
  return { vector: Float32Array.from(values), ...rest };
}

function encodeJson({ vector, ...rest }: Embedding): string {
  return JSON.stringify({ ...rest, vector: Array.from(vector, (value) => Number(value.toPrecision(FLOAT32_DIGITS))) });
}

function encodeFloats({ vector }: Embedding): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(vector.length * Float32Array.BYTES_PER_ELEMENT));
  for (const [index, value] of vector.entries()) view.setFloat32(index * Float32Array.BYTES_PER_ELEMENT, value, true);
  return new Uint8Array(view.buffer);
}
