import type { StargateError } from "@stargate/kernel";
import { knowledgeOf, noteRefusal, type PoolContext } from "../pool-context.ts";
import { fail } from "../pool-errors.ts";
import type { PendingJob } from "./pending-job.ts";

/** Calls are let in as if what is more critical took no more than this share of the slots. */
const MOST_TAKEN = 0.9;

/**
 * Lets a call into the queue, or throws SG_COMPUTE_OVERLOADED: when it could not be answered in time behind those that
 * are at least as critical, those that will come meanwhile included, or the queue is full of them. A less critical call
 * that waits gives way.
 */
export function admit(context: PoolContext, job: PendingJob): void {
  const { queue, settings } = context;
  const limits = settings.queue;
  const waitMs = expectedWaitMs(context, job);
  if (waitMs > 0) {
    const spareMs = job.deadlineMs - settings.clock.nowMs() - knowledgeOf(context, job).latency.predict(job.items);
    if (waitMs > Math.min(spareMs, limits.maxWaitMs)) {
      const limit = spareMs < limits.maxWaitMs ? "its deadline leaves" : "the pool allows";
      const leftMs = Math.max(0, Math.round(Math.min(spareMs, limits.maxWaitMs)));
      throw overloaded(context, job, `the wait is about ${Math.round(waitMs)} ms, and ${limit} ${leftMs} ms`, false);
    }
  }
  while (queue.count > 0 && (queue.count >= limits.maxJobs || queue.bytes + job.bytes > limits.maxBytes)) {
    const victim = queue.victim(job);
    if (victim === undefined)
      throw overloaded(context, job, `${queue.count} calls with ${queue.bytes} bytes are waiting`, false);
    queue.remove(victim);
    victim.reject(overloaded(context, victim, "a more critical call took its place in a full queue", true));
  }
}

/**
 * While a call waits, more critical ones get ahead of it: with a share of the slots taken by those, the rest has to do
 * (waits under priorities: A. Cobham, "Priority Assignment in Waiting Line Problems", 1954).
 */
function expectedWaitMs(context: PoolContext, { job: { criticality } }: PendingJob): number {
  const taken = context.arrivals.slotsTakenBefore(criticality, context.settings.clock.nowMs());
  const share = Math.min(MOST_TAKEN, taken / Math.max(1, openPlaces(context)));
  return backlogMs(context, criticality) / (1 - share);
}

/** Runs that can be under way at once. */
function openPlaces({ slots, settings }: PoolContext): number {
  return slots.filter(({ pausedUntilMs }) => pausedUntilMs === undefined).length * settings.runsPerHost;
}

/** Predicted time until a call of this criticality would begin: what runs, and what waits before it, over the slots. */
export function backlogMs(context: PoolContext, criticality?: PendingJob["job"]["criticality"]): number {
  const { queue, underWay, settings } = context;
  const up = openPlaces(context);
  if (up === 0 || underWay.size < up) return queue.costMs(criticality) / Math.max(1, up);
  const nowMs = settings.clock.nowMs();
  let runningMs = 0;
  for (const run of underWay) runningMs += Math.max(0, run.startedMs + run.expectedMs - nowMs);
  return (runningMs + queue.costMs(criticality)) / up;
}

function overloaded(context: PoolContext, job: PendingJob, reason: string, wasQueued: boolean): StargateError {
  noteRefusal(context, job, "SG_COMPUTE_OVERLOADED", wasQueued);
  const { id } = context.settings;
  const retryAfterSeconds = Math.max(1, Math.ceil(backlogMs(context) / 1000));
  return fail("SG_COMPUTE_OVERLOADED", `Pool "${id}" has too much to do: ${reason}`, {
    details: { pool: id, retryAfterSeconds, queuedJobs: context.queue.count },
  });
}
