import type { BucketKnowledge } from "../learn/learned.ts";
import type { PoolContext } from "../pool-context.ts";
import { fail } from "../pool-errors.ts";
import type { LiveHost } from "../slots/live-host.ts";

/** Runs seen of a bucket before its times are trusted. */
const ENOUGH_OBSERVATIONS = 5;
/** After a timer fired: time for an answer that is there already to be heard, when this process itself was late. */
const GRACE_MS = 50;

export interface WatchedRun {
  readonly live: LiveHost;
  readonly knowledge: BucketKnowledge;
  /** Ends the run where runs can be ended (`abortRuns`). */
  readonly abort: AbortController;
  /** undefined: the time of this run cannot be known (the first one of a freshly loaded model). */
  readonly items: number | undefined;
}

/**
 * Watches over a run: a host that takes far longer than it ever did is sick in a way that nobody reports (stopped,
 * swapped out, hung). It is killed when there is another one; the last one is kept until its replacement is up, and
 * stays when it answers by then. Where hosts only wait, the run is ended and not the host.
 */
export function watchRun(
  context: PoolContext,
  { live, knowledge, abort, items }: WatchedRun,
): { readonly stop: () => void } {
  const { clock, patience, abortRuns } = context.settings;
  const { latency } = knowledge;
  const isKnown = items !== undefined && latency.observations >= ENOUGH_OBSERVATIONS;
  const learnedMs = isKnown ? latency.predictTail(items) * patience.factor : patience.unlearnedMs;
  const patienceMs = Math.max(learnedMs * knowledge.indulgence, patience.floorMs);
  let hasEnded = false;
  const giveUp = (): void => {
    knowledge.gaveUp();
    const reason = `no answer within ${Math.round(patienceMs)} ms`;
    if (abortRuns) abort.abort(fail("SG_COMPUTE_HOST_LOST", `"${live.host.id}" gave ${reason}`));
    else giveUpOn(context, live, reason, () => hasEnded);
  };
  let cancel = clock.timer(patienceMs, () => {
    cancel = clock.timer(GRACE_MS, giveUp);
  });
  return {
    stop() {
      hasEnded = true;
      live.isStuck = false;
      cancel();
    },
  };
}

/** Kills a host that does not answer, unless it is the last one: then another is opened first. */
export function giveUpOn(context: PoolContext, live: LiveHost, reason: string, hasEnded: () => boolean): void {
  const slot = context.slots[live.slot];
  if (slot?.live !== live) return;
  const isLast = !context.slots.some((other) => other.live !== live && other.live?.isHealthy === true);
  if (!isLast) return slot.eject(live, reason);
  live.isStuck = true;
  slot.replace(live, {
    reason,
    isStuck: true,
    isStillWanted: () => !hasEnded(),
  });
}
