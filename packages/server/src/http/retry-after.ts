import type { Problem } from "./problem.ts";

/** Seconds, when nobody knows better: a queue that is full now is seldom full for longer. */
const USUAL_SECONDS = 1;

/**
 * `Retry-After` (RFC 9110, 10.2.3) of a problem that may pass by itself: what the place that refused says, in whole
 * seconds. Undefined for problems that would only come again.
 */
export function retryAfter({
  status,
  retryable,
  details,
}: Pick<Problem, "status" | "retryable" | "details">): string | undefined {
  if (!retryable || (status !== 503 && status !== 429)) return undefined;
  const seconds = details?.["retryAfterSeconds"];
  const isKnown = typeof seconds === "number" && Number.isFinite(seconds);
  return String(isKnown ? Math.max(USUAL_SECONDS, Math.ceil(seconds)) : USUAL_SECONDS);
}
