import type { JsonObject } from "../util/json.ts";
import { fail } from "./catalog.ts";
import { createErrorFactory } from "./error-factory.ts";
import { isStargateError } from "./stargate-error.ts";

/** An error as it crosses from a thread or a process, plain data: a Stargate error keeps its code, others message and stack. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Set for Stargate errors. */
  readonly stargate?:
    | {
        readonly code: string;
        readonly title: string;
        readonly hint: string;
        readonly status: number;
        readonly retryable: boolean;
        readonly public: boolean;
        readonly details: JsonObject;
      }
    | undefined;
  readonly cause?: WireError | undefined;
}

/** Causes are followed this deep: a chain may bite its own tail. */
const MAX_DEPTH = 8;

/** Writes an error down for the way out of a worker. */
export function toWireError(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    stargate: isStargateError(error)
      ? {
          code: error.code,
          title: error.title,
          hint: error.hint,
          status: error.status,
          retryable: error.retryable,
          public: error.public,
          details: error.details,
        }
      : undefined,
    cause: error.cause === undefined || depth >= MAX_DEPTH ? undefined : toWireError(error.cause, depth + 1),
  };
}

/**
 * Makes an error of what a worker wrote down. Stargate errors keep code, hint, flags and details; others become
 * SG_RUN_FAILED of what was asked: `task "readPage"`, `model "clip"`.
 */
export function fromWireError(wire: WireError, asked: string): Error {
  const cause = wire.cause === undefined ? undefined : fromWireError(wire.cause, asked);
  if (wire.stargate === undefined) {
    return fail("SG_RUN_FAILED", `${asked} failed: ${wire.message}`, {
      cause: cause ?? wire.stack,
      details: { name: wire.name },
    });
  }
  const { code, title, hint, status, retryable, public: isPublic, details } = wire.stargate;
  const entry = { title, meaning: title, solution: hint, status, retryable, public: isPublic };
  // The catalogue of the adapter lives in the worker; one of a single entry carries the same facts.
  return createErrorFactory({ [code]: entry })(code as `SG_${string}`, wire.message, { hint, cause, details }); // a branded error's code
}
