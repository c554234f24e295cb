import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of the endpoints that speak OpenAI's audio protocol, and of live sound. */
export const transcriptionErrors = {
  SG_TRANSCRIPTION_MODEL_UNKNOWN: {
    title: "Unknown transcription model",
    meaning: "No open adapter and no pipeline transcribes under this name.",
    solution: "Use one of the names GET /v1/models lists, or open the adapter that brings the model.",
    status: 404,
    retryable: false,
    public: true,
  },
  SG_TRANSCRIPTION_FORMAT: {
    title: "Format not possible",
    meaning:
      "The response format is unknown, or cannot carry what was asked for: only verbose_json has times of words.",
    solution: "Use the response_format that the hint names.",
    status: 400,
    retryable: false,
    public: true,
  },
  SG_TRANSCRIPTION_FIELD: {
    title: "Field of the form not usable",
    meaning: "A field of the form is missing, unknown, or has a value that it cannot have.",
    solution: "Correct the field that the message names.",
    status: 400,
    retryable: false,
    public: true,
  },
  SG_TRANSCRIPTION_UNSUPPORTED: {
    title: "Not possible with this model",
    meaning: "The model, or the pipeline behind its name, cannot do what a field of the form asks for.",
    solution: "Leave the field away, or use a model that can; GET /v1/models lists them.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of the transcriptions' catalogue. */
export const fail = createErrorFactory(transcriptionErrors);
