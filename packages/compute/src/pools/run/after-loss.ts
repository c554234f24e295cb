import { isStargateError } from "@stargate/kernel";
import { knowledgeOf, noteRefusal, type PoolContext } from "../pool-context.ts";
import { fail, isOutOfMemory } from "../pool-errors.ts";
import { MOST_DELIVERIES } from "../quarantine.ts";
import type { PendingJob } from "../queue/pending-job.ts";
import type { LiveHost } from "../slots/live-host.ts";

/** Runs that may end with their host before the caller is told so. */
const MOST_CRASHES = 2;

/**
 * A host ended while it ran these calls. Each may be the reason, so each runs alone from now on, once more; one that was
 * alone when it happened is blamed, and out after three times.
 */
export function afterLoss(context: PoolContext, jobs: readonly PendingJob[], error: unknown, live: LiveHost): void {
  const isAlone = jobs.length === 1;
  for (const job of jobs) {
    if (job.isSettled && !isAlone) continue;
    job.crashes += 1;
    if (isAlone && isPoison(context, job)) continue;
    const isTooLarge = isAlone && isOutOfMemory(error);
    if (!isTooLarge && job.crashes < MOST_CRASHES && isTimeLeft(context, job)) context.requeue([job]);
    else job.reject(lossOf(context, job, error, live));
  }
}

/** Counts the runs that ended with this call; those it shared count when they were followed by one alone. */
function isPoison(context: PoolContext, job: PendingJob): boolean {
  const { spec, variant } = job.job.located;
  const known = job.digest;
  const counted = context.quarantine.blame(job.model, job.job.inputs, job.bytes, known === undefined ? job.crashes : 1);
  job.digest = counted.digest;
  if (counted.deliveries < MOST_DELIVERIES) return false;
  context.note({ kind: "poison", model: spec.id, variant: variant.name, ...counted });
  job.reject(poisoned(job, counted.digest, counted.deliveries));
  return true;
}

export function poisoned(job: PendingJob, digest: string, deliveries: number): Error {
  const { spec } = job.job.located;
  return fail(
    "SG_COMPUTE_POISONED",
    `Model "${spec.id}" is not run on input ${digest}: ${deliveries} hosts ended on it`,
    {
      details: { model: spec.id, digest, deliveries },
    },
  );
}

function isTimeLeft(context: PoolContext, job: PendingJob): boolean {
  const leftMs = job.deadlineMs - context.settings.clock.nowMs();
  return !context.isEnding && leftMs > knowledgeOf(context, job).latency.predict(job.items);
}

function lossOf(context: PoolContext, job: PendingJob, error: unknown, { host }: LiveHost): Error {
  noteRefusal(context, job, "SG_COMPUTE_HOST_LOST", true);
  if (isStargateError(error)) return error;
  return fail("SG_COMPUTE_HOST_LOST", `Model host "${host.id}" ended during the run`, { cause: error });
}
