import type { Issue } from "../contract/receipt.ts";
import { StargateError } from "./stargate-error.ts";

/** Issues an error takes along. */
const MAX_TOLD = 10;

/**
 * The error of a run together with what went wrong before it: a run that left out every item and then had nothing to work
 * on would otherwise say only that. `details.issues` has the first ten, `details.issueCount` how many there were.
 */
export function withIssues(error: StargateError, issues: readonly Issue[], leftOut: number): StargateError {
  if (issues.length === 0) return error;
  const { code, title, message, hint, status, retryable, cause, details } = error;
  const told = new StargateError({
    code,
    entry: { title, meaning: "", solution: hint, status, retryable, public: error.public },
    message,
    hint,
    cause,
    details: {
      ...details,
      issueCount: issues.length + leftOut,
      issues: issues.slice(0, MAX_TOLD).map((issue) => ({ ...issue })),
    },
  });
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}
