import { isStargateError } from "@stargate/kernel";
import { knowledgeOf, type PoolContext } from "../pool-context.ts";
import type { JobGroup } from "../queue/job-queue.ts";
import { MOST_DELIVERIES } from "../quarantine.ts";
import type { PendingJob } from "../queue/pending-job.ts";
import { poisoned } from "../run/after-loss.ts";
import { runJobs } from "../run/run-jobs.ts";
import type { ModelLease } from "../slots/host-models.ts";
import type { LiveHost } from "../slots/live-host.ts";
import type { Slot } from "../slots/slot.ts";
import { chooseJobs } from "./choose-jobs.ts";
import { afterFailedLoad, loadPatiently } from "./load-model.ts";
import type { Spread } from "./spread.ts";

/** How long a call that is suspected of ending hosts waits for a second host, so that it cannot end the last one. */
const SUSPECT_PATIENCE_MS = 2000;
/** How soon it is looked again whether another pool has done with a suspect. */
const LOOK_AGAIN_MS = 20;

/**
 * Gives what waits to whoever is free, most urgent first: to a host that has the model; else, when no host has it, to
 * one that loads it. A model that is loaded somewhere is loaded a second time when its calls have waited long enough.
 */
export function placeJobs(context: PoolContext, spread: Spread): void {
  let starting = context.slots.filter(({ isStarting, isReplacing }) => isStarting || isReplacing).length;
  for (const group of context.queue.groups()) {
    while (group.jobs.length > 0) {
      const [first] = group.jobs;
      if (first === undefined) break;
      const holder = freeHolder(context, group.model);
      if (holder !== undefined) {
        if (!mayRun(context, group, first, holder) || !runOn(context, holder, first, spread)) break;
        continue;
      }
      if (isSomewhere(context, group.model)) {
        spreadWhenDue(context, group, spread);
        break;
      }
      const spare = freeHosts(context).sort((a, b) => a.models.count - b.models.count)[0];
      if (spare !== undefined) {
        if (!mayRun(context, group, first, spare)) break;
        loadAndRun(context, spare, first);
        continue;
      }
      if (starting > 0) starting -= 1;
      else emptySlot(context)?.start();
      break;
    }
  }
}

/** Runs what waits with `first` on a host that has the model. Whether there was anything left to run. */
function runOn(context: PoolContext, live: LiveHost, first: PendingJob, spread: Spread): boolean {
  const hadSpare = freeHosts(context).length > 1 || emptySlot(context) !== undefined;
  const chosen = chooseJobs(context, first);
  if (chosen === undefined) return false;
  const lease = live.models.lease(first.model);
  if (lease === undefined) {
    context.requeue(chosen.taken);
    return false;
  }
  if (hadSpare) {
    const nowMs = context.settings.clock.nowMs();
    spread.waited(
      first.model,
      chosen.taken.reduce((sum, job) => sum + nowMs - job.arrivedMs, 0),
    );
  }
  live.begin();
  void occupy(context, live, lease, chosen.taken, () =>
    runJobs(context, { live, lease, jobs: chosen.taken, reason: chosen.reason, coldMs: 0 }),
  );
  return true;
}

/** Loads the model for a call, which is out of the queue from now on; others that come meanwhile run with it. */
function loadAndRun(context: PoolContext, live: LiveHost, first: PendingJob): void {
  const { loadingFor } = context;
  context.queue.remove(first);
  loadingFor.add(first);
  live.begin();
  void (async () => {
    let lease: ModelLease;
    try {
      lease = await loadPatiently(context, live, first.job.located).finally(() => loadingFor.delete(first));
    } catch (error) {
      live.end();
      afterFailedLoad(context, live, first, error);
      context.pump();
      return;
    }
    const chosen = chooseJobs(context, first);
    await occupy(context, live, lease, chosen?.taken ?? [], async () => {
      if (chosen === undefined) return;
      await runJobs(context, { live, lease, jobs: chosen.taken, reason: chosen.reason, coldMs: lease.loadMs });
    });
  })();
}

/** One run of a host that has begun: what it holds is let go in the end, whatever happens. */
async function occupy(
  context: PoolContext,
  live: LiveHost,
  lease: ModelLease,
  jobs: readonly PendingJob[],
  work: () => Promise<void>,
): Promise<void> {
  const suspects = jobs.filter(({ isSuspect }) => isSuspect);
  const releases = suspects.map((job) => context.quarantine.begin(job.identity));
  live.suspects += suspects.length;
  await work();
  live.suspects -= suspects.length;
  for (const release of releases) release?.();
  await askCanary(context, live, lease);
  lease.release();
  live.end();
  recycleWhenDue(context, live);
  context.pump();
}

/** A host that computes wrongly from now on is noticed soon, and never runs anything again. */
async function askCanary({ settings, slots }: PoolContext, live: LiveHost, lease: ModelLease): Promise<void> {
  if (live.lostReason !== undefined || settings.clock.nowMs() - lease.checkedMs < settings.canaryEveryMs) return;
  try {
    await live.untilLost(lease.check());
  } catch (error) {
    if (isStargateError(error) && error.code === "SG_COMPUTE_WRONG_RESULT")
      slots[live.slot]?.eject(live, error.message);
  }
}

/** Hosts leave one after the other, each when its successor is up. */
function recycleWhenDue({ settings, slots }: PoolContext, live: LiveHost): void {
  if (live.runs < settings.maxRunsPerHost || slots.some(({ isReplacing }) => isReplacing)) return;
  slots[live.slot]?.replace(live, { reason: `${live.runs} runs` });
}

function spreadWhenDue(context: PoolContext, group: JobGroup, spread: Spread): void {
  const [first] = group.jobs;
  if (first === undefined || group.kind === "suspect") return;
  const { located } = first.job;
  const spare = freeHosts(context).find(({ models }) => models.hasRoomFor(located)); // nobody has to go for it
  const slot = spare === undefined ? emptySlot(context) : undefined;
  if (spare === undefined && slot === undefined) return;
  const { learned } = context;
  const costMs = learned.loadMs(group.model) + (spare === undefined ? learned.startMs : 0);
  if (!spread.isDue(group.model, costMs)) return;
  slot?.start([located]);
  if (spare === undefined) return;
  spare.begin();
  void loadPatiently(context, spare, located)
    .then((lease) => lease.release())
    .catch(() => undefined) // whoever needs it hears of it
    .then(() => {
      spare.end();
      context.pump();
    });
}

/** A call that was there when a host ended may not end the last one that is up, as long as another is to be had. */
function mayRun(context: PoolContext, group: JobGroup, first: PendingJob, live: LiveHost): boolean {
  if (group.kind !== "suspect") return true;
  if (isElsewhere(context, first)) return false;
  if (context.slots.length === 1) return true;
  if (context.slots.some((slot) => slot.live !== live && slot.live?.isHealthy === true && slot.live.suspects === 0))
    return true;
  const slackMs = first.deadlineMs - knowledgeOf(context, first).latency.predict(first.items) * 2;
  const untilMs = Math.min(first.queuedMs + SUSPECT_PATIENCE_MS, slackMs);
  const leftMs = untilMs - context.settings.clock.nowMs();
  if (leftMs <= 0) return true;
  emptySlot(context)?.start();
  context.pumpIn(leftMs);
  return false;
}

/** A suspect that another pool is running waits for what becomes of that, and is out when it was the last straw. */
function isElsewhere(context: PoolContext, job: PendingJob): boolean {
  const { quarantine, queue } = context;
  const deliveries = quarantine.deliveries(job.identity);
  if (deliveries >= MOST_DELIVERIES) {
    queue.remove(job);
    job.reject(poisoned(job, job.identity, deliveries));
    context.pump();
    return true;
  }
  if (!quarantine.isUnderWay(job.identity)) return false;
  context.pumpIn(LOOK_AGAIN_MS);
  return true;
}

/** A host that has the model and is free; one that is to be replaced only when there is no other at all. */
function freeHolder(context: PoolContext, model: string): LiveHost | undefined {
  return freeHosts(context).find(({ models }) => models.has(model));
}

function freeHosts({ slots }: PoolContext): LiveHost[] {
  const healthy = slots.flatMap(({ live }) => (live?.isHealthy === true ? [live] : []));
  const staying = healthy.filter(({ isRetiring }) => !isRetiring);
  return (staying.length > 0 ? staying : healthy).filter(({ isFree }) => isFree);
}

/** Whether a host has the model, or is about to: then calls wait for that one. */
function isSomewhere({ slots }: PoolContext, model: string): boolean {
  return slots.some(({ live }) => live?.isHealthy === true && (live.models.has(model) || live.models.isLoading(model)));
}

function emptySlot({ slots }: PoolContext): Slot | undefined {
  return slots.find(({ isEmpty }) => isEmpty);
}
