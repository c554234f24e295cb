import type { Compute, RunContext } from "@stargate/kernel";

export interface ChatMessage {
  readonly role: "system" | "user";
  readonly content: string;
}

/** What is asked of a chat model. */
export interface ChatQuestion {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
}

export interface ChatAnswer {
  readonly text: string;
  /** "stop" when the model was done. */
  readonly finishReason: string;
  /** Absent where the server does not count. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** One answer of a chat model; its tokens are metered. Throws what the compute plane throws. */
export async function askChat(
  { model, messages, temperature, maxTokens }: ChatQuestion,
  context: { readonly compute: Compute } & Pick<RunContext, "meter">,
): Promise<ChatAnswer> {
  const parameters = {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
  const outputs = await context.compute.run(model, {
    messages: { dtype: "string", shape: [1], data: [JSON.stringify(messages)] },
    parameters: { dtype: "string", shape: [1], data: [JSON.stringify(parameters)] },
  });
  const counted = (output: string, unit: string): number | undefined => {
    const quantity = Number(outputs[output]?.data[0]);
    if (!(quantity >= 0)) return undefined;
    context.meter({ unit, quantity });
    return quantity;
  };
  return {
    text: String(outputs["text"]?.data[0]),
    finishReason: String(outputs["finish_reason"]?.data[0]),
    inputTokens: counted("prompt_tokens", "input tokens"),
    outputTokens: counted("completion_tokens", "output tokens"),
  };
}
