import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const openaiErrors = {
  SG_OPENAI_KEY: {
    title: "Server refuses the API key",
    meaning: "The secret that holds the server's API key is not set, or the server does not accept the key.",
    solution: "Set the secret the message names: STARGATE_SECRET_<NAME> in the gateway's environment.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_OPENAI_REFUSED: {
    title: "Server refuses the request",
    meaning:
      "The server says that it cannot answer this request: too long a text, an unknown parameter, another format.",
    solution: "Change what the server's message names.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OPENAI_ANSWER: {
    title: "Server's answer is wrong",
    meaning:
      "The server answered, but not what the protocol says: too few embeddings, values that are no numbers, another length, no JSON.",
    solution:
      "Look at the server's log; use a server and a model that speak the OpenAI protocol for this kind of model.",
    status: 502,
    retryable: true,
    public: true,
  },
  SG_OPENAI_INVENTED_TIME: {
    title: "Invented time left out",
    meaning: "A summary quoted times that are not in the transcript. Itemised in the receipt, never thrown.",
    solution: "Look up what stands beside a missing time in the transcript; use a larger model when it happens often.",
    status: 502,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type OpenaiErrorCode = keyof typeof openaiErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_COMPUTE_HOST_LOST and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...openaiErrors });
