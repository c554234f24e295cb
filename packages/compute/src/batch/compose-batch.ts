import type { LatencyModel } from "./latency-model.ts";

/** How large a shared run may become. */
export interface BatchLimits {
  /** Items along the first axis. */
  readonly maxItems: number;
  /** Bytes of inputs. */
  readonly maxBytes: number;
}

/** A call that may go into a run. */
export interface BatchCandidate {
  readonly items: number;
  readonly bytes: number;
  /** Monotonic milliseconds; Infinity without a deadline. */
  readonly deadlineMs: number;
}

/**
 * Why a run began with the calls it has and no more: nothing else was waiting ("drained"); a limit on items, bytes,
 * device memory or the tightest deadline; the rest is the share of other hosts ("share"); more would not make it cheaper
 * per item ("gain"); or it had to be alone ("alone": cannot be joined, "suspect": it was there when a host was lost).
 * Nothing is ever waited for.
 */
export type ReleaseReason =
  | "drained"
  | "items"
  | "bytes"
  | "memory"
  | "deadline"
  | "share"
  | "gain"
  | "alone"
  | "suspect";

export interface ComposeOptions {
  readonly nowMs: number;
  readonly limits: BatchLimits;
  /** Most items that fit into the device's memory, as far as is known. */
  readonly ceilingItems: number;
  /** Items that are its fair share when other hosts run the model as well. */
  readonly shareItems: number;
  readonly latency: LatencyModel;
}

export interface ComposedBatch<Candidate> {
  readonly taken: readonly Candidate[];
  readonly reason: ReleaseReason;
}

/**
 * Chooses which of the waiting calls run together: the first one always, then every next one in order that still fits.
 * The tail of the predicted time must fit the tightest deadline among those taken that can be met at all.
 * @param waiting compatible calls, most urgent first; at least one.
 */
export function composeBatch<Candidate extends BatchCandidate>(
  waiting: readonly Candidate[],
  { nowMs, limits, ceilingItems, shareItems, latency }: ComposeOptions,
): ComposedBatch<Candidate> {
  const { worthItems } = latency;
  const taken: Candidate[] = [];
  let items = 0;
  let bytes = 0;
  let slackMs = Infinity;
  let reason: ReleaseReason = "drained";
  for (const candidate of waiting) {
    const together = items + candidate.items;
    const tightestMs = Math.min(slackMs, reachableSlackMs(candidate, nowMs, latency));
    if (taken.length > 0) {
      const refusal =
        together > limits.maxItems
          ? "items"
          : together > ceilingItems
            ? "memory"
            : bytes + candidate.bytes > limits.maxBytes
              ? "bytes"
              : latency.predictTail(together) > tightestMs
                ? "deadline"
                : together > shareItems
                  ? "share"
                  : together > worthItems
                    ? "gain"
                    : undefined;
      if (refusal !== undefined) {
        if (reason === "drained") reason = refusal;
        if (items >= Math.min(limits.maxItems, ceilingItems, shareItems, worthItems)) break;
        continue;
      }
    }
    taken.push(candidate);
    items = together;
    bytes += candidate.bytes;
    slackMs = tightestMs;
  }
  return { taken, reason };
}

/** Time a call leaves for its run; a deadline that cannot be met even alone must not make the others slow. */
function reachableSlackMs({ items, deadlineMs }: BatchCandidate, nowMs: number, latency: LatencyModel): number {
  const slackMs = deadlineMs - nowMs;
  return latency.predict(items) > slackMs ? Infinity : slackMs;
}
