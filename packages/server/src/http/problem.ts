import { isStargateError, type JsonObject, type StargateError } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";

/** Media type of RFC 9457. */
export const problemMediaType = "application/problem+json";

/** RFC 9457, or the shape that clients of OpenAI's API read. */
export type ErrorShape = "problem" | "openai" | "open-inference";

/** An RFC 9457 problem with the members this gateway adds. */
export interface Problem {
  /** "urn:stargate:error:<code>" */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  /** Trying again unchanged may succeed. */
  readonly retryable: boolean;
  /** The values the message speaks of, by name. */
  readonly details?: JsonObject;
}

/** What leaves the server for an error: its own words when it is public, otherwise the code of an internal error. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = publicError(error);
  const problem: Problem = {
    type: `urn:stargate:error:${known.code}`,
    title: known.title,
    status: known.status,
    detail: known.message,
    code: known.code,
    hint: known.hint,
    requestId,
    retryable: known.retryable,
  };
  return Object.keys(known.details).length === 0 ? problem : { ...problem, details: known.details };
}

/**
 * A non-public error keeps its status and whether to retry, which a client needs; its message, hint and details
 * stay in the log, where the request id leads.
 */
function publicError(
  error: unknown,
): Pick<StargateError, "code" | "title" | "status" | "message" | "hint" | "retryable" | "details"> {
  if (isStargateError(error) && error.public) return error;
  const generic = fail("SG_SERVER_INTERNAL", "The request failed for a reason that lies in the server");
  if (!isStargateError(error)) return generic;
  return {
    code: generic.code,
    title: generic.title,
    message: generic.message,
    hint: generic.hint,
    details: {},
    status: error.status,
    retryable: error.retryable,
  };
}
