import { isStargateError, type Clock, type GatedFetch, type JsonObject, type Log } from "@stargate/kernel";
import { signatureHeader, signWebhook } from "../connectors/webhook-signature.ts";
import type { Job, JobWebhook } from "./job.ts";
import type { JobsConfig } from "./jobs-schema.ts";
import type { JobStore } from "./job-store.ts";

export interface JobWebhooksOptions {
  readonly store: JobStore;
  readonly secret: string;
  readonly config: Pick<JobsConfig["webhook"], "timeoutMs" | "maxAttempts">;
  readonly clock: Clock;
  /** For what nobody waits for. */
  readonly idleClock: Clock;
  readonly log: Log;
  /** The host's fetch gate. */
  readonly fetch: GatedFetch;
  /** What is told. */
  readonly describe: (job: Job) => JsonObject;
}

/** Receivers told at the same time. */
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

/** These say that this very body will never be taken, or that nobody is there any more. */
const refusals = new Set([400, 410, 413, 415, 422]);

/** Tells receivers that jobs have ended: each until it has taken it, with growing pauses, also after a restart. */
export class JobWebhooks {
  readonly #options: JobWebhooksOptions;
  readonly #telling = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  #stopTimer: (() => void) | undefined;

  constructor(options: JobWebhooksOptions) {
    this.#options = options;
  }

  /** Tells what is due. To be called whenever there may be more. */
  pump(): void {
    const { store, idleClock } = this.#options;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#abort.signal.aborted) return;
    const nowMs = idleClock.epochMs();
    for (const job of store.dueWebhooks(nowMs, AT_ONCE)) {
      if (this.#telling.has(job.id) || this.#telling.size >= AT_ONCE) continue;
      this.#telling.set(
        job.id,
        this.#tell(job).finally(() => {
          this.#telling.delete(job.id);
          this.pump();
        }),
      );
    }
    const nextMs = this.#telling.size < AT_ONCE ? store.nextWebhookMs() : undefined;
    if (nextMs !== undefined && nextMs > nowMs) this.#stopTimer = idleClock.timer(nextMs - nowMs, () => this.pump());
  }

  /** Gives up calls under way; the next process makes them again. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#stopTimer?.();
    await Promise.all(this.#telling.values());
  }

  async #tell(job: Job): Promise<void> {
    const { store, clock, log, config } = this.#options;
    if (job.webhook === undefined) return;
    const attempts = job.webhook.attempts + 1;
    const verdict = await this.#deliver(job, job.webhook.url);
    if (this.#abort.signal.aborted) return;
    const { state, message, retryAfterMs } = verdict;
    const isLast = state === "pending" && attempts >= config.maxAttempts;
    const pauseMs = Math.max(retryAfterMs ?? 0, Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS));
    store.noteWebhook(job.id, {
      state: isLast ? "refused" : state,
      attempts,
      nextMs: clock.epochMs() + pauseMs,
      message,
    });
    if (state !== "delivered")
      log.warn("A webhook was not taken", { job: job.id, attempts, message: message ?? "", givenUp: isLast });
  }

  async #deliver(job: Job, url: string): Promise<Verdict> {
    const { clock, config, fetch, secret, describe } = this.#options;
    const body = JSON.stringify({ event: "job-end", job: describe(job) });
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          [signatureHeader]: await signWebhook(body, secret, Math.floor(clock.epochMs() / 1000)),
          "idempotency-key": job.id,
          ...(job.receiptId !== undefined && { "stargate-receipt": job.receiptId }),
        },
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(config.timeoutMs)]),
      });
      await response.body?.cancel();
      if (response.ok) return { state: "delivered" };
      const message = `The receiver answered ${response.status}`;
      if (refusals.has(response.status)) return { state: "refused", message };
      return { state: "pending", message, retryAfterMs: secondsOf(response.headers.get("retry-after")) };
    } catch (error) {
      // Messages of the engine below may name addresses inside; those of the fetch gate are meant to be read.
      return { state: "pending", message: isStargateError(error) ? error.message : "The receiver cannot be reached" };
    }
  }
}

interface Verdict extends Pick<JobWebhook, "state"> {
  readonly message?: string;
  readonly retryAfterMs?: number | undefined;
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
