import type { JsonObject } from "@stargate/kernel";
import { answerHeaders, jsonResponse, policyParameters } from "./parts.ts";

const tags = ["Embeddings"];

const text: JsonObject = { type: "string" };
const item: JsonObject = {
  anyOf: [
    text,
    {
      type: "object",
      properties: {
        text,
        image: { type: "string", description: "A data URL; an https address where the operator allows addresses." },
      },
      minProperties: 1,
      additionalProperties: false,
    },
  ],
};
const vector: JsonObject = {
  description: 'Numbers, or base64 of little-endian float32 with `encoding_format: "base64"`.',
  anyOf: [{ type: "array", items: { type: "number" } }, { type: "string" }],
};
const tokens: JsonObject = { type: "integer" };

const request: JsonObject = {
  type: "object",
  required: ["input"],
  properties: {
    input: { anyOf: [item, { type: "array", items: item, minItems: 1 }] },
    model: { type: "string", description: "A name of GET /v1/models. Default: the operator's." },
    dimensions: { type: "integer", minimum: 1, description: "Keeps the first so many values, of length 1 again." },
    encoding_format: { type: "string", enum: ["float", "base64"], default: "float" },
    combine: {
      type: "boolean",
      description: "One more embedding, of all items together. Default: when there are texts and images.",
    },
    user: { type: "string", description: "Ignored." },
  },
  additionalProperties: false,
};

const answer: JsonObject = {
  type: "object",
  required: ["object", "data", "model", "usage", "receipt"],
  properties: {
    object: { const: "list" },
    data: {
      type: "array",
      description: "Embeddings of the items that have one, in the order of the input.",
      items: {
        type: "object",
        required: ["object", "index", "embedding"],
        properties: {
          object: { const: "embedding" },
          index: { type: "integer", description: "Place in `input`." },
          embedding: vector,
          parts: {
            type: "object",
            description: "Of an item with image and text: the embedding of each.",
            properties: { image: vector, text: vector },
          },
        },
      },
    },
    model: { type: "string" },
    usage: {
      type: "object",
      required: ["prompt_tokens", "total_tokens"],
      properties: { prompt_tokens: tokens, total_tokens: tokens },
    },
    combined: {
      type: "object",
      description: "The mean of all embeddings of `data`, of length 1.",
      required: ["object", "embedding", "items"],
      properties: { object: { const: "embedding" }, embedding: vector, items: { type: "integer" } },
    },
    errors: {
      type: "array",
      description: "Items without an embedding, and why. Absent when there are none.",
      items: {
        type: "object",
        required: ["index", "code", "message", "hint", "retryable"],
        properties: {
          index: { type: "integer" },
          code: text,
          message: text,
          hint: text,
          retryable: { type: "boolean" },
        },
      },
    },
    receipt: { type: "string", description: "Id of the receipt, of all items together." },
  },
};

const model: JsonObject = {
  type: "object",
  required: ["id", "object", "created", "owned_by"],
  properties: {
    id: text,
    object: { const: "model" },
    created: { type: "integer" },
    owned_by: { type: "string", description: "The adapter it comes from." },
    embeds: { type: "array", items: text, description: "Modalities it embeds: text, image." },
    transcribes: { type: "array", items: text, description: "What it does: transcribe, translate, words, live." },
  },
};

const errorSchema: JsonObject = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["message", "type", "code", "param", "hint", "requestId", "retryable"],
      properties: {
        message: text,
        type: text,
        code: { type: "string", description: "Closed catalogue: docs/errors.md" },
        param: { type: ["string", "null"] },
        hint: text,
        requestId: text,
        retryable: { type: "boolean" },
        details: { type: "object" },
      },
    },
  },
};

/** Errors as OpenAI's clients read them. */
export const openaiErrors: JsonObject = {
  "4XX": jsonResponse("The request cannot be answered, as OpenAI's clients read it.", errorSchema),
  "5XX": jsonResponse("The gateway failed; `retryable` says whether to try again.", errorSchema),
};

/** Operations that OpenAI's clients know. */
export const embeddingPaths: JsonObject = {
  "/v1/embeddings": {
    post: {
      operationId: "createEmbeddings",
      tags,
      summary: "Embed texts and images",
      description:
        "OpenAI's embeddings. Items run side by side; a bad one is an entry of `errors`, and 200 says that at least one was embedded.",
      parameters: policyParameters,
      requestBody: { required: true, content: { "application/json": { schema: request } } },
      responses: { "200": { ...jsonResponse("The embeddings.", answer), headers: answerHeaders }, ...openaiErrors },
    },
  },
  "/v1/models": {
    get: {
      operationId: "listModels",
      tags,
      summary: "Models that embed or transcribe",
      responses: {
        "200": jsonResponse("The models.", {
          type: "object",
          required: ["object", "data"],
          properties: { object: { const: "list" }, data: { type: "array", items: model } },
        }),
        ...openaiErrors,
      },
    },
  },
  "/v1/models/{id}": {
    get: {
      operationId: "showModel",
      tags,
      summary: "One model",
      parameters: [
        { name: "id", in: "path", required: true, description: "Name of the model, or an alias.", schema: text },
      ],
      responses: { "200": jsonResponse("The model.", model), ...openaiErrors },
    },
  },
};
