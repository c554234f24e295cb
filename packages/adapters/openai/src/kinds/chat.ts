import type { JsonObject, Tensor, TensorMap } from "@stargate/kernel";
import { z } from "zod";
import { fail } from "../openai-errors.ts";
import { eventData } from "../protocol/server-sent-events.ts";
import { serverMessage } from "../protocol/refusal.ts";
import { askServer, type ServerAnswer } from "../protocol/server.ts";
import type { Kind, RemoteModel } from "./kind.ts";
import { jsonOf, parametersOf, parametersSpec, stringTensor } from "./string-tensors.ts";

const messagesSchema = z.array(z.looseObject({ role: z.string() })).min(1);

const usageSchema = z.looseObject({
  prompt_tokens: z.int().min(0).optional(),
  completion_tokens: z.int().min(0).optional(),
});
const contentSchema = z.looseObject({ content: z.string().nullish() });
/** A chunk of a stream (`delta`), or a whole answer of a server that does not stream (`message`). */
const chunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        index: z.int().optional(),
        delta: contentSchema.nullish(),
        message: contentSchema.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: usageSchema.nullish(),
  error: z.unknown().optional(),
});

type Chunk = z.infer<typeof chunkSchema>;

/** Fields of the request that parameters must not touch. */
const reserved = ["model", "messages", "stream", "stream_options", "n"];

/** Tokens a server does not count. */
const notCounted = -1;

/**
 * `POST /chat/completions`, streamed: `messages` string [1] (a JSON array) and `parameters` string [1] (a JSON object;
 * may be left out) -> `text` string [1], `finish_reason` string [1], `prompt_tokens` and `completion_tokens` int32 [1]
 * (-1: not counted). Text counts only when the server has said why it ended: a stream that stops without a
 * finish_reason, by [DONE], by its end or by a broken connection, is SG_COMPUTE_HOST_LOST.
 */
export const chat: Kind = {
  signature: () => ({
    inputs: [{ name: "messages", dtype: "string", shape: [1] }, parametersSpec],
    outputs: [
      { name: "text", dtype: "string", shape: [1] },
      { name: "finish_reason", dtype: "string", shape: [1] },
      { name: "prompt_tokens", dtype: "int32", shape: [1] },
      { name: "completion_tokens", dtype: "int32", shape: [1] },
    ],
  }),
  defaults: { parameters: stringTensor("{}") },
  open: (model) => async (inputs, signal) => {
    const body = {
      ...model.parameters,
      ...parametersOf(model.id, inputs, reserved),
      model: model.name,
      messages: jsonOf(model.id, inputs, "messages", messagesSchema) as unknown as JsonObject[], // parsed from JSON text
      stream: true,
      stream_options: { include_usage: true },
    };
    return askServer(model.server, { path: "/chat/completions", body, signal }, (answer) => readAnswer(model, answer));
  },
};

async function readAnswer({ server }: RemoteModel, answer: ServerAnswer): Promise<TensorMap> {
  let text = "";
  let finishReason: string | undefined;
  let usage: z.infer<typeof usageSchema> = {};
  for await (const chunk of chunksOf(server.name, answer)) {
    // A failure after the first token has no status to come in.
    if (chunk.error !== undefined && chunk.error !== null)
      throw fail(
        "SG_COMPUTE_HOST_LOST",
        `Server "${server.name}" broke off: ${serverMessage(JSON.stringify({ error: chunk.error }))}`,
      );
    const choice = chunk.choices?.find(({ index = 0 }) => index === 0);
    text += choice?.delta?.content ?? choice?.message?.content ?? "";
    finishReason = choice?.finish_reason ?? finishReason;
    usage = chunk.usage ?? usage;
  }
  if (finishReason === undefined)
    throw fail(
      "SG_COMPUTE_HOST_LOST",
      `Server "${server.name}" ended its stream after ${text.length} characters without saying that it is complete`,
    );
  return {
    text: stringTensor(text),
    finish_reason: stringTensor(finishReason),
    prompt_tokens: countTensor(usage.prompt_tokens),
    completion_tokens: countTensor(usage.completion_tokens),
  };
}

async function* chunksOf(server: string, answer: ServerAnswer): AsyncGenerator<Chunk> {
  if (answer.mediaType === "application/json") return yield chunkOf(server, await answer.json());
  for await (const data of eventData(answer.chunks())) {
    if (data === "[DONE]") return;
    yield chunkOf(server, parseOrUndefined(data));
  }
}

function chunkOf(server: string, value: unknown): Chunk {
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success)
    throw fail("SG_OPENAI_ANSWER", `Server "${server}" streams something that is no chat completion`);
  return parsed.data;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, with the server's name
  }
}

function countTensor(count: number = notCounted): Tensor {
  return { dtype: "int32", shape: [1], data: Int32Array.of(count) };
}
