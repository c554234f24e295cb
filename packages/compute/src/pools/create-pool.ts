import { type ModelSignature, type StargateError, throwIfCancelled } from "@stargate/kernel";
import type { LocatedVariant } from "../store/model-store.ts";
import { Learned } from "./learn/learned.ts";
import { LoadCrashes } from "./learn/load-crashes.ts";
import { modelKey, variantKey } from "./model-key.ts";
import { loadNow } from "./place/load-now.ts";
import { refuseBanned } from "./place/load-model.ts";
import { placeJobs } from "./place/place-jobs.ts";
import { refuseLate } from "./place/choose-jobs.ts";
import { Spread } from "./place/spread.ts";
import { knowledgeOf, mayShare, noteRefusal, type PoolContext } from "./pool-context.ts";
import { fail } from "./pool-errors.ts";
import { poolSettings, type PoolOptions, type PoolSettings } from "./pool-options.ts";
import { poolTelemetry, refusedUntilMs, slotStatuses, type SlotStatus } from "./pool-status.ts";
import type { ModelRef, Pool, PoolJob, PoolResult, PoolTelemetry } from "./pool.ts";
import { MOST_DELIVERIES, Quarantine } from "./quarantine.ts";
import { admit } from "./queue/admission.ts";
import { Arrivals } from "./queue/arrivals.ts";
import { DeadlineWatch } from "./queue/deadline-watch.ts";
import { JobQueue } from "./queue/job-queue.ts";
import { PendingJob } from "./queue/pending-job.ts";
import { poisoned } from "./run/after-loss.ts";
import { createSlots } from "./slots/create-slots.ts";
import type { Slot } from "./slots/slot.ts";

/** A pool with what its owner looks at. */
export interface HostPool extends Pool, AsyncDisposable {
  /** One entry per slot. */
  status(): readonly SlotStatus[];
}

/**
 * Hosts on one device of one backend, with a queue in front. Nothing waits for a batch to fill: a free slot takes what
 * is queued, most urgent first, and as much of it as fits one run. Hosts that end are started again; calls that were on
 * them run once more; hosts that should be replaced are replaced without a gap.
 * @example
 * await using pool = createPool({ id: "cpu", backend: "onnx", device: "cpu", formats: ["onnx"], slots: 2, openHost, clock });
 * const { outputs } = await pool.submit({ located, inputs, signal, deadlineMs: Infinity, criticality: "normal" });
 */
export function createPool(options: PoolOptions): HostPool {
  return new ModelPool(options);
}

class ModelPool implements HostPool {
  readonly id: string;
  readonly backend: string;
  readonly device: string;
  readonly formats: readonly string[];
  readonly #context: PoolContext;
  readonly #spread: Spread;
  readonly #deadlines: DeadlineWatch;
  #accepted = 0;
  #onDrained: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #isPlacing = false;
  #placeAgain = false;
  #cancelPump: (() => void) | undefined;

  constructor(options: PoolOptions) {
    const settings = poolSettings(options);
    this.id = settings.id;
    this.backend = settings.backend;
    this.device = settings.device;
    this.formats = settings.formats;
    this.#spread = new Spread(settings.clock);
    this.#deadlines = new DeadlineWatch(settings.clock, () => this.#refuseLate());
    this.#context = this.#createContext(settings, options);
  }

  submit(job: PoolJob): Promise<PoolResult> {
    try {
      return this.#submit(job);
    } catch (error) {
      return Promise.reject(error as Error); // thrown by this file and those it calls: errors
    }
  }

  telemetry(): PoolTelemetry {
    return poolTelemetry(this.#context);
  }

  status(): readonly SlotStatus[] {
    return slotStatuses(this.#context);
  }

  signature(model: ModelRef): ModelSignature | undefined {
    return this.#context.signatures.get(variantKey(model));
  }

  isLoaded(model: ModelRef): boolean {
    const key = variantKey(model);
    return this.#context.slots.some(
      ({ live }) => live?.located.some((located) => variantKey(located) === key) === true,
    );
  }

  async load(located: LocatedVariant, { signal }: { readonly signal: AbortSignal }): Promise<ModelSignature> {
    this.#refuseWhenClosing();
    return loadNow(this.#context, located, signal);
  }

  async close({ force = false }: { readonly force?: boolean | undefined } = {}): Promise<void> {
    const context = this.#context;
    this.#closing ??= this.#drain()
      .then(() => Promise.all(context.slots.map((slot) => slot.close(false))))
      .then(ignore);
    if (force) {
      context.isEnding = true;
      for (const job of context.queue.jobs()) {
        context.queue.remove(job);
        job.reject(fail("SG_COMPUTE_UNAVAILABLE", `Pool "${this.id}" was closed`));
      }
      await Promise.all(context.slots.map((slot) => slot.close(true)));
    }
    await this.#closing;
    this.#deadlines.stop();
    this.#cancelPump?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #submit(job: PoolJob): Promise<PoolResult> {
    const context = this.#context;
    const { clock, queue: limits } = context.settings;
    this.#refuseWhenClosing();
    throwIfCancelled(job.signal, `The run of model "${job.located.spec.id}"`);
    const pending = new PendingJob(job, clock.nowMs(), limits.agingMs);
    try {
      this.#refuse(pending);
      admit(context, pending);
    } catch (error) {
      pending.reject(error);
      return pending.answer;
    }
    this.#accepted += 1;
    pending.onSettled = () => {
      this.#accepted -= 1;
      if (this.#accepted === 0) this.#onDrained?.();
    };
    this.#enqueue(pending);
    context.arrivals.add(job.criticality, pending.costMs, clock.nowMs());
    this.#place();
    // A timer is only needed for what did not begin at once.
    if (pending.isQueued || context.loadingFor.has(pending)) this.#deadlines.watch(pending.deadlineMs);
    return pending.answer;
  }

  /** What is known beforehand to fail. */
  #refuse(pending: PendingJob): void {
    const context = this.#context;
    const { job, model } = pending;
    if (job.deadlineMs <= context.settings.clock.nowMs())
      throw fail("SG_RUN_DEADLINE", `The deadline had passed before pool "${this.id}" was asked`);
    if (!pending.isSound)
      throw fail(
        "SG_COMPUTE_INPUT",
        `An input of model "${job.located.spec.id}" has not as many values as its shape says`,
      );
    const untilMs = refusedUntilMs(context);
    if (untilMs !== undefined) {
      // Whether hosts come up again is found out without anybody waiting for it.
      context.slots.find(({ isEmpty }) => isEmpty)?.start([job.located]);
      throw this.#closedError(pending, untilMs, false);
    }
    refuseBanned(context, pending);
    const suspicion = context.quarantine.suspicion(model, job.inputs, pending.bytes);
    if (suspicion !== undefined && suspicion.deliveries >= MOST_DELIVERIES)
      throw poisoned(pending, suspicion.digest, suspicion.deliveries);
    pending.digest = suspicion?.digest;
    const isKnown = job.located.spec.batching !== undefined || context.signatures.has(variantKey(job.located));
    if (isKnown && !mayShare(context, job.located)) pending.standAlone();
  }

  #enqueue(pending: PendingJob): void {
    const { queue, settings } = this.#context;
    pending.queuedMs = settings.clock.nowMs();
    pending.costMs = knowledgeOf(this.#context, pending).costMs(pending.items, settings.batch.maxItems);
    pending.onAbort = () => void queue.remove(pending);
    queue.push(pending);
  }

  #place(): void {
    if (this.#isPlacing) {
      this.#placeAgain = true;
      return;
    }
    this.#isPlacing = true;
    try {
      do {
        this.#placeAgain = false;
        if (this.#context.queue.count > 0) placeJobs(this.#context, this.#spread);
      } while (this.#placeAgain);
    } finally {
      this.#isPlacing = false;
    }
  }

  #refuseLate(): number {
    const { queue, settings, loadingFor } = this.#context;
    const nowMs = settings.clock.nowMs();
    let earliestMs = Infinity;
    for (const job of [...queue.jobs(), ...loadingFor]) {
      if (job.deadlineMs > nowMs) earliestMs = Math.min(earliestMs, job.deadlineMs);
      else refuseLate(this.#context, job);
    }
    return earliestMs;
  }

  /** Hosts came or went. Calls that nobody can run for a while are told so, and may go elsewhere. */
  #slotsChanged(): void {
    const context = this.#context;
    const untilMs = refusedUntilMs(context);
    if (untilMs !== undefined) {
      for (const job of context.queue.jobs()) {
        context.queue.remove(job);
        job.reject(this.#closedError(job, untilMs, true));
      }
    }
    this.#place();
  }

  #closedError(job: PendingJob, untilMs: number, wasQueued: boolean): StargateError {
    const { settings, slots } = this.#context;
    noteRefusal(this.#context, job, "SG_COMPUTE_HOST_LOST", wasQueued);
    const retryAfterSeconds = Math.max(1, Math.ceil((untilMs - settings.clock.nowMs()) / 1000));
    return fail("SG_COMPUTE_HOST_LOST", `Every host of pool "${this.id}" ends again and again`, {
      hint: `Try again in ${retryAfterSeconds} s; the gateway's log says why the hosts end.`,
      details: { pool: this.id, retryAfterSeconds },
      cause: slots.find(({ lastFailure }) => lastFailure !== undefined)?.lastFailure,
    });
  }

  #refuseWhenClosing(): void {
    if (this.#closing !== undefined) throw fail("SG_COMPUTE_UNAVAILABLE", `Pool "${this.id}" is being closed`);
  }

  /** Resolves when every call that was accepted has been answered. */
  #drain(): Promise<void> {
    if (this.#accepted === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }

  #createContext(settings: PoolSettings, { observe, quarantine }: PoolOptions): PoolContext {
    const slots: Slot[] = [];
    const context: PoolContext = {
      settings,
      slots,
      queue: new JobQueue(),
      arrivals: new Arrivals(),
      learned: new Learned(),
      loadCrashes: new LoadCrashes(settings.clock),
      quarantine: quarantine ?? new Quarantine(settings.clock),
      signatures: new Map(),
      undividable: new Set(),
      underWay: new Set(),
      loadingFor: new Set(),
      hostsInVain: 0,
      isEnding: false,
      note: (event) => observe?.({ ...event, pool: settings.id }),
      pump: () => this.#place(),
      pumpIn: (ms) => {
        this.#cancelPump?.();
        this.#cancelPump = settings.clock.timer(ms, () => this.#place());
      },
      requeue: (jobs) => {
        for (const job of jobs) {
          if (job.isSettled) continue;
          if (context.isEnding) job.reject(fail("SG_COMPUTE_UNAVAILABLE", `Pool "${settings.id}" was closed`));
          else {
            this.#enqueue(job);
            this.#deadlines.watch(job.deadlineMs);
          }
        }
      },
    };
    slots.push(
      ...createSlots(settings, {
        changed: () => this.#slotsChanged(),
        endedInVain: () => void (context.hostsInVain += 1),
        started: (ms) => context.learned.started(ms),
        loaded: (located, signature, ms) => {
          context.signatures.set(variantKey(located), signature);
          context.learned.loaded(modelKey(located), ms);
          context.loadCrashes.clear(modelKey(located));
        },
        note: (event) => context.note(event),
      }),
    );
    return context;
  }
}

const ignore = (): void => undefined;
