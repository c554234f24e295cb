import { createErrorFactory, type ErrorCatalog } from "@stargate/kernel";

/** Errors about `Idempotency-Key`, with the statuses of its draft. Codes are never reused. */
export const idempotencyErrors = {
  SG_IDEMPOTENCY_KEY: {
    title: "Unusable Idempotency-Key",
    meaning: "The header is empty, longer than 255 characters, or holds characters that are not visible ASCII.",
    solution: 'Send a fresh UUID per request, as `Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324"`.',
    status: 400,
    retryable: false,
    public: true,
  },
  SG_IDEMPOTENCY_RUNNING: {
    title: "Request is being worked on",
    meaning: "A request with the same Idempotency-Key has not been answered yet.",
    solution: "Send it again after the pause the Retry-After header names; it gets the answer of the first.",
    status: 409,
    retryable: true,
    public: true,
  },
  SG_IDEMPOTENCY_REUSED: {
    title: "Idempotency-Key used for something else",
    meaning: "The key belongs to a request that was answered, and this one asks for something else.",
    solution: "Send a new key with every new request; repeat one only together with the same request.",
    status: 422,
    retryable: false,
    public: true,
  },
} as const satisfies ErrorCatalog;

/** Makes an error of this catalogue. */
export const fail = createErrorFactory(idempotencyErrors);
