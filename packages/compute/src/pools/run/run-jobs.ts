import { isStargateError, type TensorMap } from "@stargate/kernel";
import type { ReleaseReason } from "../../batch/compose-batch.ts";
import { copyTensors, joinTensors, splitTensors } from "../../batch/join-tensors.ts";
import { runIsolating, type Attempt } from "../../batch/run-isolating.ts";
import type { RunEnergy } from "../../energy/pool-energy.ts";
import type { HostedRun } from "../../hosts/model-host.ts";
import { knowledgeOf, type PoolContext } from "../pool-context.ts";
import type { PoolRunEvent } from "../pool-events.ts";
import { isHostLost, isOutOfMemory } from "../pool-errors.ts";
import { variantKey } from "../model-key.ts";
import type { PendingJob } from "../queue/pending-job.ts";
import type { ModelLease } from "../slots/host-models.ts";
import type { LiveHost } from "../slots/live-host.ts";
import { afterLoss } from "./after-loss.ts";
import { watchRun } from "./watch-run.ts";

/** Calls that were chosen to run together on one host. */
export interface ChosenRun {
  readonly live: LiveHost;
  readonly lease: ModelLease;
  readonly jobs: readonly PendingJob[];
  readonly reason: ReleaseReason;
  /** Calls that had to wait for the model to be loaded: how long. */
  readonly coldMs: number;
}

/** Runs calls together and answers every one of them. Never rejects. Releases neither the host nor the lease. */
export async function runJobs(context: PoolContext, chosen: ChosenRun): Promise<void> {
  // Memory may run out for a single call because of models nobody uses: they go, once.
  let mayMakeRoom = true;
  await runIsolating(chosen.jobs, {
    attempt: async (jobs) => {
      const attempt = await runOnce(context, chosen, jobs);
      if (attempt.kind === "done" || jobs.length > 1 || !isOutOfMemory(attempt.error) || !mayMakeRoom) return attempt;
      mayMakeRoom = false;
      return (await chosen.live.models.makeRoom()) ? runOnce(context, chosen, jobs) : attempt;
    },
    fail: (job, error) => job.reject(error),
  });
}

async function runOnce(context: PoolContext, chosen: ChosenRun, all: readonly PendingJob[]): Promise<Attempt> {
  const { live, lease } = chosen;
  const jobs = all.filter(({ isSettled }) => !isSettled);
  const [first] = jobs;
  if (first === undefined) return { kind: "done" };
  if (live.lostReason !== undefined) {
    context.requeue(jobs); // an earlier part ended the host: these were not there
    return { kind: "done" };
  }
  const { clock } = context.settings;
  const items = jobs.reduce((sum, job) => sum + job.items, 0);
  const knowledge = knowledgeOf(context, first);
  const startedMs = clock.nowMs();
  const underWay = { model: first.model, items, startedMs, expectedMs: knowledge.latency.predict(items) };
  context.underWay.add(underWay);
  const abort = new AbortController();
  const { abortRuns, stopsRuns } = context.settings;
  if (abortRuns || stopsRuns(first.job.located)) abortWhenAllAreGone(jobs, abort);
  const watch = watchRun(context, { live, knowledge, abort, items: lease.isFresh ? undefined : items });
  const endMeter = context.settings.meterRun?.({
    located: first.job.located,
    bucket: first.bucket,
    inputs: first.job.inputs,
    hasItems: first.joinKey !== undefined,
  });
  let energy: RunEnergy | undefined;
  const end = (outcome: PoolRunEvent["outcome"], runMs = 0): number => {
    watch.stop();
    energy = endMeter?.(runMs);
    context.underWay.delete(underWay);
    live.runs += 1;
    const busyMs = clock.nowMs() - startedMs;
    noteRun(context, chosen, jobs, { outcome, items, busyMs, runMs });
    return busyMs;
  };
  let run: HostedRun;
  try {
    run = await live.untilLost(lease.model.run(inputsOf(jobs, live), { signal: abort.signal }));
  } catch (failure) {
    const error = isStargateError(abort.signal.reason) ? abort.signal.reason : failure;
    if (isHostLost(error) || isOutOfMemory(error)) await heard(live);
    if (live.lostReason !== undefined) {
      end(isOutOfMemory(error) ? "memory" : "lost");
      if (isOutOfMemory(error)) knowledge.ceiling.ranOut(items);
      afterLoss(context, jobs, error, live);
      return { kind: "done" };
    }
    end(isOutOfMemory(error) ? "memory" : "failed");
    return judgeFailure(jobs, error, () => knowledge.ceiling.ranOut(items));
  }
  lease.ran();
  live.hasAnswered = true;
  context.hostsInVain = 0;
  knowledge.answered(items, end("ok", run.runMs), lease.isFresh);
  const shares = sharesOf(jobs, run.outputs);
  if (shares === undefined) {
    // Declared or named like a batch, and is none: every call has to run alone from now on.
    context.undividable.add(variantKey(first.job.located));
    return { kind: "split", error: undefined };
  }
  for (const [index, job] of jobs.entries()) {
    if (job.digest !== undefined) context.quarantine.clear(job.digest);
    job.resolve({
      outputs: shares[index] ?? {},
      device: lease.model.device,
      deviceKind: lease.model.deviceKind,
      batchItems: items,
      ownItems: job.items,
      queueMs: Math.max(0, startedMs - job.arrivedMs - chosen.coldMs),
      runMs: run.runMs,
      coldMs: chosen.coldMs,
      ...(energy !== undefined && { energy }),
    });
  }
  return { kind: "done" };
}

/** A host that ends rejects its runs first and says so in the same turn of the event loop. */
async function heard(live: LiveHost): Promise<void> {
  for (let turn = 0; turn < 16 && live.lostReason === undefined; turn++) await Promise.resolve();
}

/** A failure of the model or the device while the host is well. */
function judgeFailure(jobs: readonly PendingJob[], error: unknown, ranOut: () => void): Attempt {
  if (isOutOfMemory(error)) {
    ranOut();
    return { kind: "split", error };
  }
  // A fault of the backend would only be repeated by every half: what may pass by itself is for those above to retry.
  if (isStargateError(error) && error.retryable) {
    for (const job of jobs) job.reject(error);
    return { kind: "done" };
  }
  return { kind: "split", error };
}

/** Inputs of a run. What callers gave is theirs: a host that takes buffers over gets copies. */
function inputsOf(jobs: readonly PendingJob[], { host }: LiveHost): TensorMap {
  const [first] = jobs;
  if (jobs.length > 1 || first === undefined) return joinTensors(jobs.map(({ job }) => job.inputs));
  return host.keepsInputs ? first.job.inputs : copyTensors(first.job.inputs);
}

function sharesOf(jobs: readonly PendingJob[], outputs: TensorMap): readonly TensorMap[] | undefined {
  if (jobs.length === 1) return [outputs];
  return splitTensors(
    outputs,
    jobs.map(({ items }) => items),
  );
}

function abortWhenAllAreGone(jobs: readonly PendingJob[], abort: AbortController): void {
  for (const job of jobs) {
    job.onAbort = () => {
      if (jobs.every(({ isSettled }) => isSettled)) abort.abort();
    };
  }
}

function noteRun(
  context: PoolContext,
  { reason }: ChosenRun,
  jobs: readonly PendingJob[],
  measured: Pick<PoolRunEvent, "outcome" | "items" | "busyMs" | "runMs">,
): void {
  const [first] = jobs;
  if (first === undefined) return;
  const { spec, variant } = first.job.located;
  context.note({
    kind: "run",
    model: spec.id,
    variant: variant.name,
    bucket: first.bucket,
    jobs: jobs.length,
    mostItems: first.joinKey === undefined ? measured.items : Math.max(context.settings.batch.maxItems, measured.items),
    release: reason,
    ...measured,
  });
}
