import { type AnyTransform, defineTransform, text } from "@stargate/kernel";
import { z } from "zod";
import { askChat, type ChatMessage } from "./ask-chat.ts";

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
      const messages: ChatMessage[] = [
        ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
        { role: "user", content: input },
      ];
      const { text: answer, finishReason } = await askChat({ model, messages, temperature, maxTokens }, ctx);
      ctx.disclose({ model, finishReason });
      if (finishReason !== "stop")
        ctx.degrade({ what: "incomplete answer", reason: `the model stopped because of "${finishReason}"` });
      return answer;
    },
  });
  return [chat as AnyTransform];
}
