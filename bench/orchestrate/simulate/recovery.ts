import { BUCKET_MS } from "./tally.ts";

/**
 * Time from an event until two buckets of five seconds in a row are back at `level`: 0 when it never left it, Infinity
 * when it never comes back. Counted from the event to the beginning of the first good bucket.
 */
export function recoveryMs(buckets: readonly number[], eventMs: number, level = 0.95): number {
  const first = Math.floor(eventMs / BUCKET_MS);
  for (let at = first; at + 1 < buckets.length; at++) {
    if ((buckets[at] ?? 0) >= level && (buckets[at + 1] ?? 0) >= level) return Math.max(0, at * BUCKET_MS - eventMs);
  }
  return Number.POSITIVE_INFINITY;
}
