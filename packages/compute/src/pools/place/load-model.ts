import { isStargateError } from "@stargate/kernel";
import type { LocatedVariant } from "../../store/model-store.ts";
import type { PoolContext } from "../pool-context.ts";
import { fail, isHostLost } from "../pool-errors.ts";
import type { PendingJob } from "../queue/pending-job.ts";
import { giveUpOn } from "../run/watch-run.ts";
import type { ModelLease } from "../slots/host-models.ts";
import type { LiveHost } from "../slots/live-host.ts";

/** Hosts that a model may end while it is loaded, before it is left alone. */
const MOST_LOAD_CRASHES = 3;

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
  const crashes = context.loadCrashes.add(job.model);
  if (crashes >= MOST_LOAD_CRASHES) return rejectAll(context, job, banned(job));
  job.crashes += 1;
  if (job.crashes < 2 && !context.isEnding) context.requeue([job]);
  else job.reject(error);
}

/** Throws for a model that has ended too many hosts lately. */
export function refuseBanned(context: PoolContext, job: PendingJob): void {
  if (context.loadCrashes.of(job.model) >= MOST_LOAD_CRASHES) throw banned(job);
}

function banned({ job }: PendingJob): Error {
  const { id } = job.located.spec;
  return fail(
    "SG_COMPUTE_MODEL",
    `Model "${id}" ended ${MOST_LOAD_CRASHES} hosts while it was loaded; it is left alone`,
    {
      hint: "Check the model's files with `stargate models verify`, and the memory of the host.",
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
