import type { Problem } from "./problem.ts";

/** Seconds, when nobody knows better: a queue that is full now is seldom full for longer. */
const USUAL_SECONDS = 1;

/**
 * `Retry-After` (RFC 9110, 10.2.3) of a problem that may pass by itself: what the place that refused says, in whole
 * seconds; of 429 and 503 also when it says nothing. Undefined for problems that would only come again.
 */
export function retryAfter({
  status,
  retryable,
  details,
}: Pick<Problem, "status" | "retryable" | "details">): string | undefined {
  if (!retryable) return undefined;
  const seconds = details?.["retryAfterSeconds"];
  if (typeof seconds === "number" && Number.isFinite(seconds)) return String(Math.max(1, Math.ceil(seconds)));
  return status === 429 || status === 503 ? String(USUAL_SECONDS) : undefined;
}
