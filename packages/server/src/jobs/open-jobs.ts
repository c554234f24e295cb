import { isStargateError, type Clock, type GatedFetch, type Log } from "@stargate/kernel";
import { fail } from "../errors/job-errors.ts";
import { fail as failIdempotency } from "../errors/idempotency-errors.ts";
import { toProblem } from "../http/problem.ts";
import type { RunGateway } from "../runs/perform-run.ts";
import { describeJob, type JobDescription } from "./describe-job.ts";
import { hasEnded, type Job } from "./job.ts";
import { JobKeeper } from "./job-keeper.ts";
import { JobQueue } from "./job-queue.ts";
import { JobWebhooks } from "./job-webhooks.ts";
import type { Jobs, JobRequest } from "./jobs.ts";
import type { JobsConfig } from "./jobs-schema.ts";
import { makeResult } from "./make-result.ts";
import { hasJobs, openStore, type OpenStore } from "./open-store.ts";
import { readResult } from "./read-result.ts";

export interface JobsOptions {
  readonly gateway: RunGateway;
  readonly config: JobsConfig;
  /** state.directory, absolute. */
  readonly stateFolder: string;
  readonly clock: Clock;
  /** For housekeeping, which keeps no process alive. */
  readonly idleClock: Clock;
  readonly log: Log;
  readonly randomId: () => string;
  readonly fetch: GatedFetch;
  /** Throws SG_FETCH_DENIED for an address that the operator has not allowed. */
  readonly assertAllowed: (url: string) => void;
  /** Signs webhooks; without it there are none. */
  readonly webhookSecret: string | undefined;
}

/** How often a database that another process holds is tried again: that process may be about to end. */
const RETRY_MS = 2000;

interface OpenParts extends OpenStore {
  readonly queue: JobQueue;
  readonly keeper: JobKeeper;
  readonly webhooks: JobWebhooks | undefined;
}

/** The jobs of a gateway. The database is opened with the first job, or when an earlier process has left some. */
export function createJobs(options: JobsOptions): Jobs {
  const { config, clock, idleClock, log, stateFolder } = options;
  const keepMs = config.keepSeconds * 1000;
  let opening: Promise<OpenParts> | undefined;
  let parts: OpenParts | undefined;
  let isStopped = false;
  let stopRetry: (() => void) | undefined;

  const open = async (): Promise<OpenParts> => {
    opening ??= openParts(options);
    try {
      return (parts = await opening);
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  /** Undefined where there have never been jobs. */
  const openExisting = async (): Promise<OpenParts | undefined> =>
    parts ?? (hasJobs(stateFolder) ? await open() : undefined);

  const jobOf = async (tenant: string, id: string): Promise<{ readonly open: OpenParts; readonly job: Job }> => {
    const opened = await openExisting();
    const job = opened?.store.find(tenant, id);
    if (opened === undefined || job === undefined) throw fail("SG_JOB_UNKNOWN", `There is no job "${id}"`);
    return { open: opened, job };
  };
  const describe = (job: Job): JobDescription => describeJob(job, parts?.queue.live(job.id), keepMs);

  return {
    async start() {
      try {
        await openExisting();
      } catch (error) {
        log.warn("Jobs cannot be worked on", { code: isStargateError(error) ? error.code : "", error: String(error) });
        if (!isStopped) stopRetry = idleClock.timer(RETRY_MS, () => void this.start());
      }
    },
    async accept(request) {
      return describe(await accept(await open(), options, request));
    },
    async list(tenant, { before, ...query }) {
      const sequence = before === undefined ? undefined : (await jobOf(tenant, before)).job.sequence;
      const opened = await openExisting();
      return opened?.store.list(tenant, { ...query, before: sequence }).map(describe) ?? [];
    },
    show: async (tenant, id) => describe((await jobOf(tenant, id)).job),
    async cancel(tenant, id) {
      const { open: opened, job } = await jobOf(tenant, id);
      if (hasEnded(job)) return describe(job);
      opened.store.end(id, {
        state: "cancelled",
        outcome: { partialResults: 0 },
        receipt: undefined,
        endedMs: clock.epochMs(),
        resultBytes: 0,
      });
      opened.queue.abort(id);
      if (job.state === "queued") await opened.files.remove(id);
      opened.webhooks?.pump();
      return describe((await jobOf(tenant, id)).job);
    },
    async result(tenant, id, accept, signal) {
      const { open: opened, job } = await jobOf(tenant, id);
      return readResult({ gate: options.gateway.gate, ...opened }, job, accept, signal);
    },
    receipt: async (tenant, receiptId) => (await openExisting())?.store.receipt(tenant, receiptId),
    counts: () => parts?.store.counts() ?? { queued: 0, running: 0 },
    async stop({ drainMs }) {
      isStopped = true;
      stopRetry?.();
      const opened = await opening?.catch(() => undefined);
      if (opened === undefined) return;
      parts = undefined;
      opening = undefined;
      await Promise.all([opened.queue.stop(drainMs), opened.webhooks?.stop(), opened.keeper.stop()]);
      await opened.close();
    },
  };
}

async function openParts(options: JobsOptions): Promise<OpenParts> {
  const { gateway, config, clock, idleClock, log, stateFolder, webhookSecret } = options;
  const opened = await openStore(stateFolder);
  const { store, files } = opened;
  const keepMs = config.keepSeconds * 1000;
  const webhooks =
    webhookSecret === undefined
      ? undefined
      : new JobWebhooks({
          store,
          secret: webhookSecret,
          config: config.webhook,
          clock,
          idleClock,
          log,
          fetch: options.fetch,
          describe: (job) => describeJob(job, undefined, keepMs),
        });
  const keeper = new JobKeeper({ store, files, config, clock: idleClock, log });
  const { maxResultBytes } = config;
  const queue = new JobQueue({
    store,
    files,
    config,
    clock,
    log,
    run: (job, order, run) => makeResult({ gateway, files, maxResultBytes }, job, order, run),
    onEnd() {
      webhooks?.pump();
      keeper.tidySoon();
    },
  });
  takeUp(opened, options);
  keeper.tidySoon();
  queue.pump();
  webhooks?.pump();
  return { ...opened, queue, keeper, webhooks };
}

/** Jobs that were running when a process ended are begun again, but not for ever: one of them may be why it ended. */
function takeUp({ store }: OpenStore, { config, clock, log }: JobsOptions): void {
  for (const job of store.running()) {
    if (job.attempts < config.maxAttempts) {
      store.requeue(job.id, { notBeforeMs: 0, countsAttempt: true });
      log.info("job is begun again", { job: job.id, tenant: job.tenant, attempts: job.attempts });
      continue;
    }
    const error = fail("SG_JOB_ABANDONED", `The gateway ended ${job.attempts} times while it worked on the job`);
    store.end(job.id, {
      state: "failed",
      outcome: { problem: toProblem(error, job.order.head.requestId), partialResults: 0 },
      receipt: undefined,
      endedMs: clock.epochMs(),
      resultBytes: 0,
    });
  }
}

async function accept(
  { store, files, keeper, queue }: OpenParts,
  { config, clock, randomId, webhookSecret, assertAllowed }: JobsOptions,
  { tenant, order, webhookUrl, key }: JobRequest,
): Promise<Job> {
  const known = key && store.findByKey(key.owner);
  if (known !== undefined) {
    if (known.fingerprint === key?.fingerprint) return known.job;
    throw failIdempotency("SG_IDEMPOTENCY_REUSED", "This Idempotency-Key was used for a request with another content");
  }
  const url = webhookUrl ?? config.webhook.url;
  if (webhookUrl !== undefined) {
    if (webhookSecret === undefined)
      throw fail("SG_JOB_WEBHOOK", "This gateway has no secret to sign webhooks with (jobs.webhook.secret)");
    assertAllowed(webhookUrl);
  }
  checkRoom(store, config, tenant);
  const id = randomId();
  const { inputs, ...head } = order;
  try {
    const kept = await files.spool(id, inputs);
    await keeper.makeRoom(kept.bytes);
    checkRoom(store, config, tenant); // others may have come meanwhile
    const job = store.add({
      id,
      tenant,
      createdMs: clock.epochMs(),
      order: { head, inputs: kept.inputs },
      inputBytes: kept.bytes,
      webhookUrl: webhookSecret === undefined ? undefined : url,
      key,
    });
    queue.pump();
    return job;
  } catch (error) {
    await files.remove(id);
    throw error;
  }
}

function checkRoom(store: OpenStore["store"], config: JobsConfig, tenant: string): void {
  const limits = [
    ["jobs.maxQueued", config.maxQueued, store.countQueued()],
    ["jobs.maxQueuedPerTenant", config.maxQueuedPerTenant, store.countQueued(tenant)],
  ] as const;
  for (const [limit, max, queued] of limits) {
    if (queued >= max)
      throw fail("SG_JOB_QUEUE_FULL", `${queued} jobs wait already; the limit is ${max} (${limit})`, {
        details: { limit, queued },
      });
  }
}
