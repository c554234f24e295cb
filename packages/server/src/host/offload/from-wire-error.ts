import { createErrorFactory, fail, type JsonObject } from "@stargate/kernel";
import type { WireError } from "./error-transport.ts";

/** Makes an error of what a worker wrote down: Stargate errors keep code, hint and flags, others become SG_RUN_FAILED. */
export function fromWireError(wire: WireError, task: string): Error {
  const cause = wire.cause === undefined ? undefined : fromWireError(wire.cause, task);
  if (wire.stargate === undefined) {
    return fail("SG_RUN_FAILED", `${task} failed: ${wire.message}`, {
      cause: cause ?? wire.stack,
      details: { name: wire.name },
    });
  }
  const { code, title, hint, status, retryable, public: isPublic, details } = wire.stargate;
  const entry = { title, meaning: title, solution: hint, status, retryable, public: isPublic };
  // The catalogue of the adapter lives in the worker; one of a single entry carries the same facts.
  return createErrorFactory({ [code]: entry })(code as `SG_${string}`, wire.message, {
    hint,
    cause,
    details: details as JsonObject,
  }); // a branded error's code and details
}
