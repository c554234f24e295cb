import { createEmbedding, type Embedding, type TensorMap } from "@stargate/kernel";
import { fail } from "../vision-errors.ts";

/** What to read of a tower's outputs, for an input of one item. */
export interface EmbeddingOutput {
  readonly model: string;
  readonly output: string;
  readonly space: string;
}

/** The embedding of the one item a tower was given. Throws SG_VISION_MODEL_OUTPUT and SG_COMPUTE_WRONG_RESULT. */
export function readEmbedding(outputs: TensorMap, { model, output, space }: EmbeddingOutput): Embedding {
  const tensor = outputs[output];
  if (tensor === undefined)
    throw fail(
      "SG_VISION_MODEL_OUTPUT",
      `Model "${model}" has no output "${output}"; it gave ${Object.keys(outputs).join(", ")}`,
    );
  const { shape, data } = tensor;
  if (shape.length !== 2 || shape[0] !== 1 || !(data instanceof Float32Array))
    throw fail(
      "SG_VISION_MODEL_OUTPUT",
      `Output "${output}" of model "${model}" is ${tensor.dtype} [${shape.join(", ")}], not float32 [1, dimensions]`,
    );
  return createEmbedding({ model: space, vector: data });
}
