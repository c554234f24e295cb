import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors of sound that comes in while it is worked on. */
export const liveErrors = {
  SG_LIVE_FORMAT: {
    title: "Sound in an unknown form",
    meaning:
      "Encoding, sample rate or number of channels are none that live sound may have, or the last sample is cut.",
    solution: "Send s16le or f32le samples without a container, and say rate and channels.",
    status: 400,
    retryable: false,
    public: true,
  },
  SG_LIVE_MESSAGE: {
    title: "Message not understood",
    meaning: "A text message of a WebSocket is none that the gateway knows.",
    solution: 'Send sound as binary messages, and {"type": "end"} after the last of them.',
    status: 400,
    retryable: false,
    public: true,
  },
  SG_LIVE_FRAME: {
    title: "Not the WebSocket protocol",
    meaning:
      "The client's bytes are against RFC 6455, or a message is too long; the connection is closed with the code of that.",
    solution: "Use a WebSocket library, and send shorter messages.",
    status: 400,
    retryable: false,
    public: true,
  },
  SG_LIVE_PIPELINE: {
    title: "No pipeline for live sound",
    meaning: "The pipeline, or the model, does not take a stream of sound (many(pcm)) as its only input.",
    solution: "Use a pipeline with the one input `many(pcm)`, or a model that GET /v1/models lists with `live`.",
    status: 422,
    retryable: false,
    public: true,
  },
  SG_LIVE_SILENT: {
    title: "Client not heard any more",
    meaning: "The client of a WebSocket has sent nothing for too long and does not answer pings.",
    solution: "Open the connection again, and send the sound again from where segments were final.",
    status: 408,
    retryable: true,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of this catalogue. */
export const fail = createErrorFactory(liveErrors);
