import { fail } from "../../errors/catalog.ts";
import type { Embedding } from "./embedding-schema.ts";

/** What `createEmbedding` takes. */
export interface EmbeddingInit {
  readonly model: string;
  /** What the model gave, of any length but 0. */
  readonly vector: ArrayLike<number>;
  /** Keeps the first so many values, for models trained to be cut (Matryoshka, arXiv:2205.13147). Default: all. */
  readonly dimensions?: number | undefined;
}

/**
 * An embedding of length 1 from what a model gave. Sums in float64.
 * Throws SG_COMPUTE_WRONG_RESULT for a vector without a direction (all zero, or not finite) and SG_OPTIONS_INVALID for
 * more dimensions than there are.
 * @example
 * const embedding = createEmbedding({ model: "clip-vit-base-patch32", vector: Float32Array.of(3, 4) }); // [0.6, 0.8]
 */
export function createEmbedding({ model, vector, dimensions = vector.length }: EmbeddingInit): Embedding {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > vector.length)
    throw fail(
      "SG_OPTIONS_INVALID",
      `${dimensions} dimensions of an embedding of "${model}", which has ${vector.length}`,
      {
        hint: `Ask for 1 to ${vector.length} dimensions.`,
      },
    );
  // Loops: the functions of arrays take ten times as long, and this is done for every item of every answer.
  let sum = 0;
  for (let index = 0; index < dimensions; index++) sum += (vector[index] ?? Number.NaN) ** 2;
  const length = Math.sqrt(sum);
  if (!Number.isFinite(length) || length === 0)
    throw fail(
      "SG_COMPUTE_WRONG_RESULT",
      `Model "${model}" gave an embedding of length ${length}, which has no direction`,
    );
  const unit = new Float32Array(dimensions);
  for (let index = 0; index < dimensions; index++) unit[index] = (vector[index] ?? Number.NaN) / length;
  return { vector: unit, model, dimensions, normalized: true };
}
