import type { Clock, GatedFetch, JsonObject, Log } from "@stargate/kernel";
import { postWebhook, webhookPauseMs, type WebhookVerdict } from "../connectors/post-webhook.ts";
import type { Job } from "./job.ts";
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
    const { state, message } = verdict;
    const isLast = state === "pending" && attempts >= config.maxAttempts;
    store.noteWebhook(job.id, {
      state: isLast ? "refused" : state,
      attempts,
      nextMs: clock.epochMs() + webhookPauseMs(attempts, verdict),
      message,
    });
    if (state !== "delivered")
      log.warn("A webhook was not taken", { job: job.id, attempts, message: message ?? "", givenUp: isLast });
  }

  #deliver(job: Job, url: string): Promise<WebhookVerdict> {
    const { clock, config, fetch, secret, describe } = this.#options;
    return postWebhook({
      url,
      secret,
      body: JSON.stringify({ event: "job-end", job: describe(job) }),
      mediaType: "application/json",
      idempotencyKey: job.id,
      headers: job.receiptId === undefined ? {} : { "stargate-receipt": job.receiptId },
      timeoutMs: config.timeoutMs,
      clock,
      fetch,
      signal: this.#abort.signal,
    });
  }
}
