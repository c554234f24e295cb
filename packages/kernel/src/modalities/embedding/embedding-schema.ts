import { z } from "zod";

const fields = {
  /** Model, or model service, whose space the vector lies in: vectors of different models cannot be compared. */
  model: z.string().min(1),
  dimensions: z.int().min(1),
  /** Always of length 1, so that a dot product is the cosine similarity. */
  normalized: z.literal(true),
};

/** A direction in a model's space: what cheap comparison of pictures, texts and sounds works on. */
export const embeddingSchema = z.strictObject({
  /** length = dimensions */
  vector: z.instanceof(Float32Array) as z.ZodType<Float32Array<ArrayBuffer>>,
  ...fields,
});

/** An embedding as JSON carries it. */
export const embeddingJsonSchema = z.strictObject({ ...fields, vector: z.array(z.number()).min(1) });

export type Embedding = Readonly<z.infer<typeof embeddingSchema>>;
