import { isStargateError } from "@stargate/kernel";
import type { LocatedVariant } from "../../store/model-store.ts";
import { MOST_LOAD_CRASHES } from "../learn/load-crashes.ts";
import type { PoolContext } from "../pool-context.ts";
import { fail, isHostLost } from "../pool-errors.ts";
import type { PendingJob } from "../queue/pending-job.ts";
import { giveUpOn } from "../run/watch-run.ts";
import type { ModelLease } from "../slots/host-models.ts";
import type { LiveHost } from "../slots/live-host.ts";

/** Loads a model; a host that never comes to an end with it is given up. */
export async function loadPatiently(
  context: PoolContext,
  live: LiveHost,
  located: LocatedVariant,
): Promise<ModelLease> {
  const { clock, patience } = context.settings;
  let hasEnded = false;
  const cancel = clock.timer(patience.loadMs, () =>
    giveUpOn(context, live, `model "${located.spec.id}" not loaded within ${patience.loadMs} ms`, () => hasEnded),
  );
  try {
    return await live.untilLost(live.models.load(located));
  } finally {
    hasEnded = true;
    cancel();
  }
}

/** The model of a call could not be loaded. When the host ended over it, it is tried once more elsewhere. */
export function afterFailedLoad(context: PoolContext, live: LiveHost, job: PendingJob, error: unknown): void {
  if (isStargateError(error) && error.code === "SG_COMPUTE_WRONG_RESULT") {
    context.slots[live.slot]?.eject(live, error.message);
    return rejectAll(context, job, error);
  }
  if (!isHostLost(error) || live.lostReason === undefined) return rejectAll(context, job, error);
  context.loadCrashes.add(job.model);
  const banned = banOf(context, job);
  if (banned !== undefined) return rejectAll(context, job, banned);
  job.crashes += 1;
  if (job.crashes < 2 && !context.isEnding) context.requeue([job]);
  else job.reject(error);
}

/** Throws for a model that has ended too many hosts lately. */
export function refuseBanned(context: PoolContext, job: PendingJob): void {
  const banned = banOf(context, job);
  if (banned !== undefined) throw banned;
}

/** A fault of this place as far as anybody knows: another one may load the model. */
function banOf({ loadCrashes, slots, settings }: PoolContext, { job, model }: PendingJob): Error | undefined {
  const othersWork = slots.some(({ live }) => live?.isHealthy === true && live.models.count > 0);
  const pauseMs = loadCrashes.pauseMs(model, othersWork);
  if (pauseMs === 0) return undefined;
  const { id } = job.located.spec;
  const retryAfterSeconds = Math.ceil(pauseMs / 1000);
  return fail(
    "SG_COMPUTE_HOST_LOST",
    `Model "${id}" ended ${MOST_LOAD_CRASHES} hosts of pool "${settings.id}" while it was loaded; it is left alone for ${retryAfterSeconds} s`,
    {
      hint: "Check the model's files with `stargate models verify`, and the memory of the host.",
      details: { pool: settings.id, model: id, retryAfterSeconds },
    },
  );
}

/** What fails for one fails for all that wait for the same model. */
function rejectAll({ queue }: PoolContext, job: PendingJob, error: unknown): void {
  job.reject(error);
  for (const other of queue.jobs()) {
    if (other.model !== job.model) continue;
    queue.remove(other);
    other.reject(error);
  }
}
