import { createErrorFactory, kernelErrors, type ErrorCatalog } from "@stargate/kernel";

/** Every error this adapter adds to those of the kernel. Codes are never reused. */
export const textErrors = {
  SG_TEXT_VOCABULARY: {
    title: "Vocabulary cannot be used",
    meaning: "A text model comes without vocab.txt, or with one that lacks tokens every BERT model has.",
    solution: "Declare the vocab.txt the model was trained with as the model's asset.",
    status: 500,
    retryable: false,
    public: true,
  },
  SG_TEXT_MODEL_OUTPUT: {
    title: "Model gives no token states",
    meaning: "A text model has no output with one vector per token, so there is nothing to make an embedding of.",
    solution: 'Export the model with the output "last_hidden_state" of shape [batch, tokens, width].',
    status: 500,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

export type TextErrorCode = keyof typeof textErrors;

/** Makes an error of this adapter's catalogue or of the kernel's. */
export const fail = createErrorFactory({ ...kernelErrors, ...textErrors });
