import type { Problem } from "../problem.ts";

/** An error as OpenAI's clients read it, with what this gateway adds. */
export interface OpenaiError {
  readonly message: string;
  readonly type: string;
  /** Of this gateway's catalogue: docs/errors.md. */
  readonly code: string;
  /** Field of the request it is about. */
  readonly param: string | null;
  readonly hint: string;
  readonly requestId: string;
  readonly retryable: boolean;
  readonly details?: unknown;
}

const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/** What a problem says, in the shape of OpenAI's API. */
export function openaiError({ detail, code, hint, status, requestId, retryable, details }: Problem): {
  readonly error: OpenaiError;
} {
  const type = types[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
  const param = details?.["param"];
  return {
    error: {
      message: detail,
      type,
      code,
      param: typeof param === "string" ? param : null,
      hint,
      requestId,
      retryable,
      ...(details !== undefined && { details }),
    },
  };
}
