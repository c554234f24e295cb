import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of the endpoints that speak OpenAI's embeddings protocol. */
export const embeddingErrors = {
  SG_EMBEDDING_MODEL_UNKNOWN: {
    title: "Unknown embedding model",
    meaning: "No open adapter embeds with a model of this name.",
    solution: "Use one of the names GET /v1/models lists, or open the adapter that brings the model.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_EMBEDDING_KIND: {
    title: "Model does not embed this",
    meaning: "The model embeds other kinds of things than the item is: a text model has no eyes.",
    solution: "Use a model that embeds this kind; GET /v1/models says which does.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_EMBEDDING_ITEM: {
    title: "Item is not understood",
    meaning: "An item of `input` is neither a text nor an object with `text`, `image` or both.",
    solution: 'Write the item as "text", {"text": "..."}, {"image": "data:..."} or {"image": "...", "text": "..."}.',
    status: 422,
    retryable: false,
    public: true,
  },
  SG_EMBEDDING_TOKENS: {
    title: "Tokens instead of text",
    meaning: "The client has turned its texts into numbers of OpenAI's vocabulary, which no other model knows.",
    solution: "Send the texts themselves; in LangChain set check_embedding_ctx_length=False.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_EMBEDDING_NONE: {
    title: "No item could be embedded",
    meaning: "Every item of the batch was refused, for more than one reason.",
    solution: "Correct the items as `errors` says for each.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type EmbeddingErrorCode = keyof typeof embeddingErrors;

/** Makes an error of the embeddings' catalogue. */
export const fail = createErrorFactory(embeddingErrors);
