import { fail as failKernel, isStargateError, type Clock, type Log, type RunEvent } from "@stargate/kernel";
import { fail } from "../errors/server-errors.ts";
import { toProblem } from "../http/problem.ts";
import type { PerformOptions } from "../runs/perform-run.ts";
import type { RunOrder } from "../runs/run-order.ts";
import { RunProgress } from "../runs/run-progress.ts";
import type { Job, JobProgress, Outcome } from "./job.ts";
import type { JobFiles } from "./job-files.ts";
import type { JobsConfig } from "./jobs-schema.ts";
import type { EndedJob, JobStore } from "./job-store.ts";

/** How far a running job has come; not written down, as it begins anew after a restart. */
export interface LiveJob {
  readonly progress: JobProgress | undefined;
  readonly partialResults: number;
}

/** What a run has made of a job. */
export interface MadeResult extends Pick<EndedJob, "receipt" | "resultBytes"> {
  readonly outcome: Pick<Outcome, "answer" | "value">;
}

export interface JobQueueOptions {
  readonly store: JobStore;
  readonly files: JobFiles;
  readonly config: Pick<JobsConfig, "maxRunning" | "maxAttempts">;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs the order of a job and writes its result down. */
  run(job: Job, order: RunOrder, options: PerformOptions): Promise<MadeResult>;
  /** Told when a job has ended. */
  readonly onEnd: () => void;
}

/** First pause before a failure that may pass is tried again; doubles. */
const FIRST_PAUSE_MS = 1000;

interface RunningJob {
  readonly progress: RunProgress;
  partialResults: number;
  isCancelled: boolean;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Works on queued jobs: as many at once as may be, tenants in turn. */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #running = new Map<string, RunningJob>();
  #stopTimer: (() => void) | undefined;
  /** Set when the gateway stops: why jobs are broken off, to be begun again by the next process. */
  #stopReason: Error | undefined;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Begins as many jobs as there is room for. To be called whenever there may be more to do. */
  pump(): void {
    const { store, clock, config } = this.#options;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#stopReason !== undefined) return;
    while (this.#running.size < config.maxRunning) {
      const job = store.next(clock.epochMs());
      if (job === undefined) break;
      this.#begin(store.begin(job.id, clock.epochMs()));
    }
    const nextMs = this.#running.size < config.maxRunning ? store.nextNotBeforeMs() : undefined;
    if (nextMs !== undefined) this.#stopTimer = clock.timer(Math.max(1, nextMs - clock.epochMs()), () => this.pump());
  }

  /** How far a job has come, while it runs. */
  live(id: string): LiveJob | undefined {
    const running = this.#running.get(id);
    return running && { progress: running.progress.current, partialResults: running.partialResults };
  }

  /** Ends the run of a job that has been cancelled in the store. */
  abort(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.isCancelled = true;
    running.abort.abort(failKernel("SG_RUN_CANCELLED", "The job was cancelled"));
  }

  /** Begins no more jobs, waits for those that run, and puts back those that take longer. */
  async stop(drainMs: number): Promise<void> {
    const reason = (this.#stopReason ??= fail("SG_HTTP_DRAINING", "The gateway shut down before the job was done"));
    this.#stopTimer?.();
    const running = [...this.#running.values()];
    const breakOff = (): void => {
      for (const { abort } of running) abort.abort(reason);
    };
    const stopTimer = this.#options.clock.timer(drainMs, breakOff);
    if (drainMs <= 0) breakOff();
    await Promise.all(running.map(({ done }) => done));
    stopTimer();
  }

  #begin(job: Job): void {
    const ended = Promise.withResolvers<void>();
    const running: RunningJob = {
      progress: new RunProgress(),
      partialResults: 0,
      isCancelled: false,
      abort: new AbortController(),
      done: ended.promise,
    };
    this.#running.set(job.id, running);
    void this.#work(job, running)
      .catch((error: unknown) =>
        this.#options.log.error("A job could not be written down", { job: job.id, error: String(error) }),
      )
      .finally(() => {
        this.#running.delete(job.id);
        ended.resolve();
        this.pump();
      });
  }

  async #work(job: Job, running: RunningJob): Promise<void> {
    const { files, store, onEnd } = this.#options;
    const { signal } = running.abort;
    try {
      const inputs = await files.open(job.id, job.order.inputs);
      const order: RunOrder = { ...job.order.head, inputs };
      const onEvent = (event: RunEvent): void => note(running, event);
      const made = await this.#options.run(job, order, { tenant: job.tenant, signal, onEvent });
      if (!running.isCancelled) this.#end(job, running, { state: "succeeded", ...made });
    } catch (thrown) {
      const reason: unknown = signal.aborted ? signal.reason : thrown;
      if (running.isCancelled) return await files.remove(job.id);
      if (reason === this.#stopReason) return store.requeue(job.id, { notBeforeMs: 0, countsAttempt: false });
      const pauseMs = this.#pauseMs(job, reason);
      if (pauseMs !== undefined) return this.#tryAgain(job, pauseMs, reason);
      const problem = toProblem(reason, job.order.head.requestId);
      this.#options.log.info("job failed", { job: job.id, tenant: job.tenant, code: problem.code });
      this.#end(job, running, { state: "failed", outcome: { problem }, receipt: undefined, resultBytes: 0 });
    }
    if (running.isCancelled) await files.remove(job.id);
    else await files.removeInputs(job.id, job.order.inputs);
    onEnd();
  }

  #end(
    job: Job,
    { progress, partialResults }: RunningJob,
    {
      outcome,
      ...ended
    }: Omit<EndedJob, "endedMs" | "outcome"> & { readonly outcome: Omit<Outcome, "partialResults"> },
  ): void {
    const { store, clock } = this.#options;
    const { current } = progress;
    const whole: Outcome = { ...outcome, ...(current !== undefined && { progress: current }), partialResults };
    store.end(job.id, { ...ended, outcome: whole, endedMs: clock.epochMs() });
  }

  /** How long to wait before a failure is tried again; undefined when it is not. A run that took too long would again. */
  #pauseMs({ attempts }: Job, error: unknown): number | undefined {
    if (!isStargateError(error) || !error.retryable || error.code === "SG_RUN_DEADLINE") return undefined;
    if (attempts >= this.#options.config.maxAttempts) return undefined;
    const seconds = error.details["retryAfterSeconds"];
    return Math.max(typeof seconds === "number" ? seconds * 1000 : 0, FIRST_PAUSE_MS * 2 ** (attempts - 1));
  }

  #tryAgain(job: Job, pauseMs: number, error: unknown): void {
    const { store, clock, log } = this.#options;
    const code = isStargateError(error) ? error.code : "";
    log.info("job is tried again", { job: job.id, tenant: job.tenant, code, pauseMs });
    store.requeue(job.id, { notBeforeMs: clock.epochMs() + pauseMs, countsAttempt: true });
  }
}

function note(running: RunningJob, event: RunEvent): void {
  running.progress.note(event);
  // Of a segment that is told in parts only its end counts.
  if (event.type === "emit" && !/-(?:start|delta)$/.test(event.name)) running.partialResults += 1;
}
