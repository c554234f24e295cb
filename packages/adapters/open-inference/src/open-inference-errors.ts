import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const openInferenceErrors = {
  SG_OPEN_INFERENCE_KEY: {
    title: "Server refuses the API key",
    meaning: "The secret that holds the server's API key is not set, or the server does not accept the key.",
    solution: "Set the secret the message names: STARGATE_SECRET_<NAME> in the gateway's environment.",
    status: 503,
    retryable: false,
    public: false,
  },
  SG_OPEN_INFERENCE_REFUSED: {
    title: "Server refuses the request",
    meaning: "The server says that it cannot answer this request: no such model, a tensor it does not take.",
    solution: "Change what the server's message names.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_OPEN_INFERENCE_ANSWER: {
    title: "Server's answer is wrong",
    meaning:
      "The server answered, but not what the Open Inference Protocol and the model's signature say: an output missing or cut off, of another datatype or shape, no JSON.",
    solution: "Look at the server's log, and whether its model was changed since it was loaded here.",
    status: 502,
    retryable: true,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type OpenInferenceErrorCode = keyof typeof openInferenceErrors;

/** Makes an error of this adapter's catalogue or of the kernel's (SG_COMPUTE_HOST_LOST and the like). */
export const fail = createErrorFactory({ ...kernelErrors, ...openInferenceErrors });
