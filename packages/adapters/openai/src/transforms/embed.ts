import { type AnyTransform, createEmbedding, defineTransform, embedding, text } from "@stargate/kernel";
import { z } from "zod";

/** `openai.embed`: text -> embedding. `models`: ids, the first is the default. */
export function embedTransform(models: readonly string[]): readonly AnyTransform[] {
  const [first] = models;
  if (first === undefined) return [];
  const embed = defineTransform({
    id: "openai.embed",
    version: "1.0.0",
    summary: "Embeds a text with a model on an OpenAI-compatible server",
    from: text,
    to: embedding,
    options: z.strictObject({ model: z.enum(models as [string, ...string[]]).default(first) }),
    coverage: "whole",
    cost: () => ({ ms: 50 }),
    loss: { wording: 1 },
    async run(input, ctx) {
      const { model } = ctx.options;
      const outputs = await ctx.compute.run(model, { text: { dtype: "string", shape: [1], data: [input] } });
      return createEmbedding({ model, vector: outputs["embedding"]?.data as Float32Array }); // checked by the backend
    },
  });
  return [embed as AnyTransform];
}
