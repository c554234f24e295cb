import { composeBatch, type ComposedBatch } from "../../batch/compose-batch.ts";
import { knowledgeOf, mayShare, noteRefusal, type PoolContext } from "../pool-context.ts";
import { fail } from "../pool-errors.ts";
import type { PendingJob } from "../queue/pending-job.ts";

/** Runs seen before a prediction may be the reason to refuse. */
const ENOUGH_OBSERVATIONS = 10;
/** A call that has less than this share of its predicted time left is not begun. */
const HOPELESS = 0.5;

/**
 * Takes calls of one model out of the queue that run together now: what waits in the group of `first`, most urgent
 * first. Calls that cannot be answered in time are refused instead. undefined: nobody is left.
 */
export function chooseJobs(context: PoolContext, first: PendingJob): ComposedBatch<PendingJob> | undefined {
  const { queue, settings } = context;
  const companions = queue.companions(first);
  const waiting = first.isQueued ? companions : [first, ...companions];
  const live = waiting.filter((job) => !job.isSettled && !refuseHopeless(context, job));
  const [head] = live;
  if (head === undefined) return undefined;
  const { isSuspect } = head;
  const isShareable = mayShare(context, head.job.located);
  const isShared = isShareable && !isSuspect && head.joinKey !== undefined;
  const knowledge = knowledgeOf(context, head);
  const chosen: ComposedBatch<PendingJob> = isShared
    ? composeBatch(live, {
        nowMs: settings.clock.nowMs(),
        limits: settings.batch,
        ceilingItems: knowledge.ceiling.limit,
        shareItems: shareOf(context, head, live),
        latency: knowledge.latency,
      })
    : { taken: [head], reason: isSuspect ? "suspect" : "alone" };
  for (const job of chosen.taken) queue.remove(job);
  if (!isShareable) head.standAlone();
  return chosen;
}

/**
 * Items one host takes when several have the model: what waits and what runs, divided among them. One that took all
 * would leave the others with nothing to do.
 */
function shareOf({ slots, underWay }: PoolContext, { model }: PendingJob, waiting: readonly PendingJob[]): number {
  const holders = slots.filter(({ live }) => live?.isHealthy === true && live.models.has(model)).length;
  if (holders < 2) return Infinity;
  let items = waiting.reduce((sum, job) => sum + job.items, 0);
  for (const run of underWay) if (run.model === model) items += run.items;
  return Math.ceil(items / holders);
}

/** Work for a caller who will have gone is not begun: it would make the next ones late as well. */
function refuseHopeless(context: PoolContext, job: PendingJob): boolean {
  const { latency } = knowledgeOf(context, job);
  const leftMs = job.deadlineMs - context.settings.clock.nowMs();
  const isHopeless =
    leftMs <= 0 || (latency.observations >= ENOUGH_OBSERVATIONS && leftMs < latency.predict(job.items) * HOPELESS);
  if (isHopeless) refuseLate(context, job);
  return isHopeless;
}

/** The deadline of a call has passed, or cannot be kept. */
export function refuseLate(context: PoolContext, job: PendingJob): void {
  context.queue.remove(job);
  noteRefusal(context, job, "SG_RUN_DEADLINE", true);
  const { clock, id } = context.settings;
  const waitedMs = Math.round(clock.nowMs() - job.arrivedMs);
  const leftMs = Math.floor(job.deadlineMs - clock.nowMs());
  const needsMs = Math.ceil(knowledgeOf(context, job).latency.predict(job.items));
  const why = leftMs > 0 ? `it takes about ${needsMs} ms, and ${leftMs} ms were left` : "the deadline was over";
  job.reject(fail("SG_RUN_DEADLINE", `Not begun: ${why} after ${waitedMs} ms in the queue of pool "${id}"`));
}
