import type { Sink, Source, SourceItem } from "../../contract/connector.ts";
import type { Clock } from "../../contract/host.ts";
import type { Log } from "../../contract/run-context.ts";
import { fail } from "../../errors/catalog.ts";
import { isStargateError, type StargateError } from "../../errors/stargate-error.ts";
import { digestJson } from "../../util/digest.ts";
import type { Json } from "../../util/json.ts";
import { backoffMs, pauseUntil, type BackoffOptions } from "../step/backoff.ts";
import { createCursorTrack, type CursorTrack, type TrackedItem } from "./cursor-track.ts";
import type { RunResult } from "../runner.ts";
import type { ServicePipeline, ServiceResult } from "./service-pipeline.ts";
import type { ServiceStore } from "./service-store.ts";

export interface ServiceOptions {
  /** Names the service in the store, the log and the metrics. */
  readonly name: string;
  readonly source: Source;
  readonly pipeline: ServicePipeline;
  readonly sink: Sink;
  readonly store: ServiceStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Items worked on at once. Default 2. */
  readonly concurrency?: number | undefined;
  /** Attempts of one item in the pipeline before it is put aside, the first included (default 10), and the pauses between. */
  readonly retry?: (Partial<BackoffOptions> & { readonly attempts?: number | undefined }) | undefined;
  /** Pauses before a failed source, sink or store is tried again: 1 s to 1 min by default, without end. */
  readonly restart?: Partial<BackoffOptions> | undefined;
  /** Uniform in [0, 1); for tests. */
  readonly random?: (() => number) | undefined;
  /** Told of every item that has left the service. */
  readonly onOutcome?: ((outcome: ServiceOutcome) => void) | undefined;
}

export type ServiceOutcome =
  | { readonly kind: "delivered"; readonly item: SourceItem; readonly result: RunResult }
  /** Delivered before, by this or an earlier process. */
  | { readonly kind: "repeated"; readonly item: SourceItem }
  | { readonly kind: "rejected"; readonly item: SourceItem; readonly error: StargateError };

export type ServiceState = "new" | "running" | "waiting" | "draining" | "ended";

/** For health checks and metrics. */
export interface ServiceStatus {
  readonly name: string;
  /** "waiting": the source or the store has failed and is tried again after a pause. */
  readonly state: ServiceState;
  /** False while the source, the sink or the store fails. */
  readonly healthy: boolean;
  readonly delivered: number;
  readonly repeated: number;
  readonly rejected: number;
  /** Attempts that failed and were, or will be, repeated. */
  readonly retries: number;
  readonly restarts: number;
  readonly inFlight: number;
  /** Age of the oldest item in flight; 0 when there is none. */
  readonly lagMs: number;
  /** Milliseconds since the epoch; null before the first. */
  readonly lastDeliveredAtMs: number | null;
  readonly lastError: { readonly code: string; readonly message: string; readonly atMs: number } | null;
}

export interface Service {
  /** Begins to work. */
  start(): void;
  /** Takes no further items, lets those under way end for at most `drainMs` (default 30 s), then cancels them; they are offered again next time. */
  stop(options?: { readonly drainMs?: number | undefined }): Promise<void>;
  /** Settles when the service has stopped or its source has ended. Never rejects. */
  readonly ended: Promise<void>;
  status(): ServiceStatus;
}

/** One life of the source. */
interface Session {
  /** Aborts when the service stops or something breaks. */
  readonly signal: AbortSignal;
  readonly track: CursorTrack;
  /** What the store holds. */
  storedCursor: Json;
}

/** The item is left as it is: it was not acknowledged and will be offered again. */
const abandoned = Symbol("abandoned");

/**
 * Makes a service: source -> pipeline -> sink, supervised.
 *
 * An item is acknowledged only after the sink has taken its result and the store has noted it; between any two of
 * these steps the process may be killed without losing or repeating an item, given a sink that is idempotent by key.
 * Errors marked retryable are tried again with growing pauses: in the pipeline up to `retry.attempts`, in the sink
 * without end (it holds the flow back instead of dropping results). Items that can never succeed are handed back to
 * the source with the reason.
 * @example
 * const service = createService({ name: "inbox", source, sink, pipeline: runnerPipeline({ runner, graph, modality: text }), store, clock, log });
 * service.start();
 */
export function createService(options: ServiceOptions): Service {
  return new SupervisedService(options);
}

class SupervisedService implements Service {
  readonly ended: Promise<void>;
  readonly #options: ServiceOptions;
  readonly #retry: BackoffOptions & { readonly attempts: number };
  readonly #restart: BackoffOptions;
  readonly #random: () => number;
  readonly #concurrency: number;
  /** No further items. */
  readonly #stopping = new AbortController();
  /** No further work on items either. */
  readonly #cancelling = new AbortController();
  readonly #counts = { delivered: 0, repeated: 0, rejected: 0, retries: 0, restarts: 0 };
  /** When each item in flight was offered. */
  readonly #offeredAtMs = new Map<symbol, number>();
  #state: ServiceState = "new";
  /** Results the sink has refused to take so far. */
  readonly #held = new Set<symbol>();
  #lastDeliveredAtMs: number | null = null;
  #lastError: ServiceStatus["lastError"] = null;
  #end: () => void = () => undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#retry = {
      attempts: options.retry?.attempts ?? 10,
      backoffMs: options.retry?.backoffMs ?? 1000,
      maxBackoffMs: options.retry?.maxBackoffMs ?? 60_000,
    };
    this.#restart = {
      backoffMs: options.restart?.backoffMs ?? 1000,
      maxBackoffMs: options.restart?.maxBackoffMs ?? 60_000,
    };
    this.#random = options.random ?? Math.random;
    this.#concurrency = options.concurrency ?? 2;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  start(): void {
    if (this.#state === "new") void this.#supervise();
  }

  async stop({ drainMs = 30_000 }: { readonly drainMs?: number | undefined } = {}): Promise<void> {
    this.#stopping.abort();
    if (this.#state === "new") this.#finish();
    if (this.#state === "ended") return;
    this.#state = "draining";
    const cancelTimer = this.#options.clock.timer(drainMs, () => this.#cancelling.abort());
    await this.ended;
    cancelTimer();
  }

  status(): ServiceStatus {
    const nowMs = this.#options.clock.nowMs();
    const [oldest] = this.#offeredAtMs.values();
    return {
      name: this.#options.name,
      state: this.#state,
      healthy: this.#held.size === 0 && this.#state !== "waiting",
      ...this.#counts,
      inFlight: this.#offeredAtMs.size,
      lagMs: oldest === undefined ? 0 : nowMs - oldest,
      lastDeliveredAtMs: this.#lastDeliveredAtMs,
      lastError: this.#lastError,
    };
  }

  async #supervise(): Promise<void> {
    const { clock, log, name } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const deliveredBefore = this.#counts.delivered;
      this.#state = "running";
      try {
        await this.#session();
        break; // the source has ended, or the service is stopping
      } catch (error) {
        failures = this.#counts.delivered > deliveredBefore ? 1 : failures + 1;
        this.#counts.restarts += 1;
        this.#note(error);
        if (this.#stopping.signal.aborted) break;
        const pauseMs = backoffMs(this.#restart, failures, this.#random);
        this.#state = "waiting";
        log.error("Service failed; it starts again", {
          service: name,
          error: messageOf(error),
          pauseMs: Math.round(pauseMs),
        });
        await pauseUntil(clock, pauseMs, this.#stopping.signal);
      }
    }
    this.#finish();
  }

  #finish(): void {
    this.#state = "ended";
    this.#end();
  }

  /** One life of the source: until it ends, the service stops, or something breaks. */
  async #session(): Promise<void> {
    const { source, store, log, name } = this.#options;
    const broken = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, broken.signal]);
    const cursor = await store.load(name);
    const session: Session = { signal, track: createCursorTrack(cursor), storedCursor: cursor };
    const inFlight = new Map<string, Promise<void>>();
    let failure: { readonly error: unknown } | undefined;
    const breakDown = (error: unknown): void => {
      failure ??= { error };
      broken.abort();
    };
    try {
      for await (const item of source.open({ signal, log, cursor })) {
        const key = digestJson([item.id, this.#options.pipeline.key]);
        // The same content twice at the same time: the second waits, and then finds it done.
        const work = (inFlight.get(key) ?? Promise.resolve())
          .then(() => this.#handle(item, key, session))
          .catch(breakDown);
        inFlight.set(key, work);
        void work.then(() => inFlight.get(key) === work && inFlight.delete(key));
        while (inFlight.size >= this.#concurrency) await Promise.race(inFlight.values());
        if (signal.aborted) break;
      }
    } catch (error) {
      breakDown(error);
    }
    await Promise.all(inFlight.values());
    // Ends that came out of order, or without a result, have not moved the stored position yet.
    const { reached } = session.track;
    if (reached !== session.storedCursor) await store.save(name, { cursor: reached });
    if (failure !== undefined) throw failure.error;
  }

  async #handle(item: SourceItem, key: string, session: Session): Promise<void> {
    const { store, name, clock, onOutcome } = this.#options;
    const { signal } = session;
    const tracked = session.track.begin(item.cursor);
    const mark = Symbol(item.id);
    this.#offeredAtMs.set(mark, clock.nowMs());
    try {
      if (await store.isDone(name, key)) {
        await item.ack();
        tracked.end();
        this.#counts.repeated += 1;
        onOutcome?.({ kind: "repeated", item });
        return;
      }
      const result = await this.#produce(item, signal);
      if (result === abandoned) return;
      const refusal = isStargateError(result) ? result : await this.#deliver(item, key, result, signal);
      if (refusal === abandoned) return;
      if (refusal !== undefined) return await this.#reject(item, refusal, tracked);
      const cursor = tracked.reachedWith();
      await store.save(name, { cursor, done: key });
      session.storedCursor = cursor;
      await item.ack();
      tracked.end();
      this.#counts.delivered += 1;
      this.#lastDeliveredAtMs = clock.epochMs();
      onOutcome?.({ kind: "delivered", item, result: result as RunResult }); // the error was the other case
    } finally {
      this.#offeredAtMs.delete(mark);
    }
  }

  /** Runs the pipeline until it succeeds, or gives the error that will not go away. */
  async #produce(item: SourceItem, signal: AbortSignal): Promise<ServiceResult | StargateError | typeof abandoned> {
    const { pipeline, clock, log, name } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await pipeline.run(item, { signal: this.#cancelling.signal });
      } catch (error) {
        if (this.#cancelling.signal.aborted) return abandoned;
        this.#note(error);
        if (isStargateError(error) && !error.retryable) return error;
        if (attempt >= this.#retry.attempts)
          return isStargateError(error) ? error : fail("SG_RUN_FAILED", messageOf(error), { cause: error });
        if (signal.aborted) return abandoned;
        this.#counts.retries += 1;
        log.warn("Item failed; it is tried again", { service: name, item: item.id, attempt, error: messageOf(error) });
        await pauseUntil(clock, backoffMs(this.#retry, attempt, this.#random), signal);
        if (signal.aborted) return abandoned;
      }
    }
  }

  /** Offers the result to the sink until it takes it. Returns the error when it never will. */
  async #deliver(
    item: SourceItem,
    key: string,
    result: ServiceResult,
    signal: AbortSignal,
  ): Promise<undefined | StargateError | typeof abandoned> {
    const { sink, clock, log, name } = this.#options;
    const held = Symbol(item.id);
    try {
      for (let failures = 1; ; failures += 1) {
        try {
          await sink.deliver(
            { idempotencyKey: key, payload: result.payload, receipt: result.receipt, name: item.name },
            { signal: this.#cancelling.signal, log },
          );
          return undefined;
        } catch (error) {
          if (this.#cancelling.signal.aborted) return abandoned;
          this.#note(error);
          if (isStargateError(error) && !error.retryable) return error;
          this.#held.add(held);
          this.#counts.retries += 1;
          log.warn("The sink did not take a result; it is offered again", {
            service: name,
            item: item.id,
            failures,
            error: messageOf(error),
          });
          const pauseMs = Math.max(backoffMs(this.#restart, failures, this.#random), retryAfterMs(error));
          await pauseUntil(clock, pauseMs, signal);
          if (signal.aborted) return abandoned;
        }
      }
    } finally {
      this.#held.delete(held);
      await result.close?.();
    }
  }

  async #reject(item: SourceItem, error: StargateError, tracked: TrackedItem): Promise<void> {
    const { log, name } = this.#options;
    // Not the item's name: file names say who somebody is, and logs travel.
    log.error("Item put aside", { service: name, item: item.id, code: error.code, error: error.message });
    await item.reject({ code: error.code, message: error.message, hint: error.hint });
    tracked.end();
    this.#counts.rejected += 1;
    this.#options.onOutcome?.({ kind: "rejected", item, error });
  }

  #note(error: unknown): void {
    this.#lastError = {
      code: isStargateError(error) ? error.code : "SG_RUN_FAILED",
      message: messageOf(error),
      atMs: this.#options.clock.epochMs(),
    };
  }
}

/** What a sink was told to wait (HTTP Retry-After), if anything. */
function retryAfterMs(error: unknown): number {
  const told = isStargateError(error) ? error.details["retryAfterMs"] : undefined;
  return typeof told === "number" ? told : 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
