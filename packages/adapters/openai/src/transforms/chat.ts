import { type AnyTransform, defineTransform, text } from "@stargate/kernel";
import { z } from "zod";

/** `openai.chat`: text -> text, one answer of a chat model. `models`: ids, the first is the default. */
export function chatTransform(models: readonly string[]): readonly AnyTransform[] {
  const [first] = models;
  if (first === undefined) return [];
  const chat = defineTransform({
    id: "openai.chat",
    version: "1.0.0",
    summary: "Lets a chat model answer a text",
    from: text,
    to: text,
    options: z.strictObject({
      model: z.enum(models as [string, ...string[]]).default(first),
      /** What the model is told before the text. */
      system: z.string().optional(),
      temperature: z.number().min(0).max(2).optional(),
      maxTokens: z.int().min(1).optional(),
    }),
    coverage: "whole",
    cost: ({ characters }) => ({ ms: 1000 + Number(characters ?? 0) }),
    loss: { wording: 1 },
    deterministic: false,
    plannable: false,
    async run(input, ctx) {
      const { model, system, temperature, maxTokens } = ctx.options;
      const messages = [
        ...(system === undefined ? [] : [{ role: "system", content: system }]),
        { role: "user", content: input },
      ];
      const parameters = {
        ...(temperature !== undefined && { temperature }),
        ...(maxTokens !== undefined && { max_tokens: maxTokens }),
      };
      const outputs = await ctx.compute.run(model, {
        messages: { dtype: "string", shape: [1], data: [JSON.stringify(messages)] },
        parameters: { dtype: "string", shape: [1], data: [JSON.stringify(parameters)] },
      });
      const finishReason = String(outputs["finish_reason"]?.data[0]);
      ctx.disclose({ model, finishReason });
      for (const [output, unit] of tokenCounts) {
        const quantity = Number(outputs[output]?.data[0]);
        if (quantity >= 0) ctx.meter({ unit, quantity });
      }
      if (finishReason !== "stop")
        ctx.degrade({ what: "incomplete answer", reason: `the model stopped because of "${finishReason}"` });
      return String(outputs["text"]?.data[0]);
    },
  });
  return [chat as AnyTransform];
}

const tokenCounts = [
  ["prompt_tokens", "input tokens"],
  ["completion_tokens", "output tokens"],
] as const;
