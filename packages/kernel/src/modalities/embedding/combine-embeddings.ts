import { fail } from "../../errors/catalog.ts";
import { createEmbedding } from "./create-embedding.ts";
import type { Embedding } from "./embedding-schema.ts";

/**
 * One embedding for several things at once, a picture with its caption: the mean of their vectors, of length 1 again.
 * All must lie in one model's space. Throws SG_INPUT_INVALID when they do not, or when there are none.
 * @example
 * const both = combineEmbeddings([imageEmbedding, textEmbedding]);
 */
export function combineEmbeddings(embeddings: readonly Embedding[]): Embedding {
  const [first] = embeddings;
  if (first === undefined) throw fail("SG_INPUT_INVALID", "There is no embedding to combine");
  const stranger = embeddings.find(({ model, dimensions }) => model !== first.model || dimensions !== first.dimensions);
  if (stranger !== undefined)
    throw fail(
      "SG_INPUT_INVALID",
      `Embeddings of ${spaceOf(first)} and of ${spaceOf(stranger)} lie in different spaces and cannot be combined`,
      { hint: "Embed all of them with one model." },
    );
  const sum = new Float64Array(first.dimensions);
  for (const { vector } of embeddings)
    for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
  return createEmbedding({ model: first.model, vector: sum });
}

function spaceOf({ model, dimensions }: Embedding): string {
  return `"${model}" (${dimensions} dimensions)`;
}
