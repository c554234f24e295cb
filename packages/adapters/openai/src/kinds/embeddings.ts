import { fromBase64, isStargateError, type Tensor } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../openai-errors.ts";
import { askServer } from "../protocol/server.ts";
import type { Kind, RemoteModel } from "./kind.ts";
import { stringsOf } from "./string-tensors.ts";

/** As OpenAI sends it: numbers, or base64 of little-endian float32. */
const vectorSchema = z.union([z.array(z.number()), z.string()]);
const answerSchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.int().min(0).optional(), embedding: vectorSchema })),
});

/**
 * `POST /embeddings`: `text` string [batch] -> `embedding` float32 [batch, dimensions]. base64 is asked for (a third of
 * the bytes), numbers are taken as well, and a server that refuses the question is asked for numbers from then on.
 * An answer with fewer vectors than texts, of unequal lengths, or with a value that is no finite number is
 * SG_OPENAI_ANSWER.
 */
export const embeddings: Kind = {
  signature: ({ dimensions }) => ({
    inputs: [{ name: "text", dtype: "string", shape: ["batch"] }],
    outputs: [{ name: "embedding", dtype: "float32", shape: ["batch", dimensions ?? "dimensions"] }],
  }),
  defaults: {},
  open(model) {
    let format: "base64" | "float" = "base64";
    const ask = async (texts: readonly string[], signal: AbortSignal): Promise<Tensor> => {
      const body = {
        model: model.name,
        input: texts,
        encoding_format: format,
        ...(model.dimensions !== undefined && { dimensions: model.dimensions }),
      };
      const answer = await askServer(model.server, { path: "/embeddings", body, signal }, (said) => said.json());
      return tensorOf(model, answer, texts.length);
    };
    return async (inputs, signal) => {
      const texts = stringsOf(inputs, "text");
      if (texts.length === 0)
        return { embedding: { dtype: "float32", shape: [0, model.dimensions ?? 0], data: new Float32Array() } };
      try {
        return { embedding: await ask(texts, signal) };
      } catch (error) {
        const unknownFormat =
          format === "base64" &&
          isStargateError(error) &&
          error.code === "SG_OPENAI_REFUSED" &&
          /encoding_format|base64/i.test(error.message);
        if (!unknownFormat) throw error;
        format = "float";
        return { embedding: await ask(texts, signal) };
      }
    };
  },
};

function tensorOf({ server, dimensions }: RemoteModel, answer: unknown, count: number): Tensor {
  const wrong = (what: string): Error => fail("SG_OPENAI_ANSWER", `Server "${server.name}" ${what}`);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw wrong("answers with something that is no list of embeddings");
  const { data } = parsed.data;
  if (data.length !== count) throw wrong(`gives ${data.length} embeddings for ${count} texts`);
  const rows = new Map<number, Float32Array>();
  for (const [position, { index = position, embedding }] of data.entries()) {
    if (index >= count || rows.has(index)) throw wrong(`numbers embedding ${position} of ${count} as ${index}`);
    const row = floatsOf(embedding);
    if (row === undefined) throw wrong("sends base64 that holds no float32 numbers");
    rows.set(index, row);
  }
  const width = dimensions ?? rows.get(0)?.length ?? 0;
  if (width === 0) throw wrong("gives an embedding without values");
  const all = new Float32Array(count * width);
  for (const [index, row] of rows) {
    if (row.length !== width)
      throw wrong(`gives an embedding of ${row.length} values for text ${index}, where ${width} are expected`);
    if (!row.every(Number.isFinite)) throw wrong(`gives an embedding for text ${index} with a value that is no number`);
    all.set(row, index * width);
  }
  return { dtype: "float32", shape: [count, width], data: all };
}

/** Undefined for text that is not the base64 of whole float32 numbers. */
function floatsOf(embedding: readonly number[] | string): Float32Array | undefined {
  if (typeof embedding !== "string") return Float32Array.from(embedding);
  const bytes = fromBase64(embedding);
  if (bytes === undefined || bytes.byteLength % Float32Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
