import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digestJson, type Clock, type GatedFetch, type Log } from "@stargate/kernel";
import { z } from "zod";
import type { Features } from "../composition-root.ts";
import { exists, replaceDurably } from "../connectors/durable-files.ts";
import { postWebhook, webhookPauseMs } from "../connectors/post-webhook.ts";
import { createWakeUp } from "../connectors/wake-up.ts";
import { noAlerts, type WatchFiles } from "./watch-files.ts";

export interface WatchWebhookOptions {
  /** Of the watch. */
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly files: Pick<WatchFiles, "folder" | "alerts">;
  readonly clock: Clock;
  /** The host's fetch gate. */
  readonly fetch: GatedFetch;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const FAILURE_PAUSE_MS = 300_000;

const toldSchema = z.object({
  /** Ids of alerts the receiver knows, or has refused. */
  told: z.array(z.string()).readonly(),
  /** A call that was begun and not taken yet: repeated to the letter, so that its key means the same. */
  pending: z.object({ key: z.string(), ids: z.array(z.string()).readonly(), body: z.string() }).nullable(),
});
type Told = z.infer<typeof toldSchema>;

/**
 * Tells a receiver of new alerts: every alert once, those of a round together, until they are taken, with growing pauses, also
 * after a crash. What is to be told is found by comparing `alerts.geojson` with `told.json`: nothing can be lost in between.
 */
export class WatchWebhook {
  readonly #options: WatchWebhookOptions;
  readonly #bell = createWakeUp();

  constructor(options: WatchWebhookOptions) {
    this.#options = options;
  }

  /** There may be new alerts. */
  ring(): void {
    this.#bell.ring();
  }

  /** Tells until the signal aborts. */
  async run(): Promise<void> {
    const { signal, clock, log, name } = this.#options;
    while (!signal.aborted) {
      try {
        if (!(await this.#tell())) await this.#bell.wait({ clock, signal });
      } catch (error) {
        log.error("New alerts cannot be told", { watch: name, error: String(error) }); // a full disk, for example
        await createWakeUp().wait({ clock, signal, atMostMs: FAILURE_PAUSE_MS });
      }
    }
  }

  /** Makes one call until it is taken, refused, or the signal aborts. Gives false when there is nothing to tell. */
  async #tell(): Promise<boolean> {
    const { signal, clock, log, name } = this.#options;
    const { told, pending } = await this.#next();
    if (pending === null) return false;
    for (let attempts = 1; !signal.aborted; attempts += 1) {
      const verdict = await this.#post(pending);
      if (signal.aborted) break;
      if (verdict.state !== "delivered")
        log.warn("New alerts were not taken", { watch: name, attempts, message: verdict.message ?? "" });
      if (verdict.state !== "pending") {
        await this.#write({ told: [...told, ...pending.ids], pending: null });
        break;
      }
      await createWakeUp().wait({ clock, signal, atMostMs: webhookPauseMs(attempts, verdict) });
    }
    return true;
  }

  /** What is to be told next; it is written down before it is told. */
  async #next(): Promise<Told> {
    const state = await this.#read();
    if (state.pending !== null) return state;
    const { name, files } = this.#options;
    const { features } = JSON.parse((await files.alerts()) ?? noAlerts) as Features; // our own file
    const told = new Set(state.told);
    const fresh = features.filter(({ id, properties }) => properties?.["current"] === true && !told.has(String(id)));
    if (fresh.length === 0) return state;
    const ids = fresh.map(({ id }) => String(id));
    const body = JSON.stringify({ type: "FeatureCollection", event: "new-alerts", watch: name, features: fresh });
    const next: Told = {
      told: state.told,
      pending: { key: digestJson([name, ids]).slice("sha256:".length), ids, body },
    };
    await this.#write(next);
    return next;
  }

  #post({ key, body }: NonNullable<Told["pending"]>): ReturnType<typeof postWebhook> {
    const { url, secret, timeoutMs, clock, fetch, signal, name } = this.#options;
    return postWebhook({
      url,
      secret,
      body,
      mediaType: "application/geo+json",
      idempotencyKey: key,
      headers: { "stargate-name": name },
      timeoutMs,
      clock,
      fetch,
      signal,
    });
  }

  get #file(): string {
    return join(this.#options.files.folder, "told.json");
  }

  async #read(): Promise<Told> {
    if (!(await exists(this.#file))) return { told: [], pending: null };
    return toldSchema.parse(JSON.parse(await readFile(this.#file, "utf8")));
  }

  #write(state: Told): Promise<void> {
    return replaceDurably(this.#file, JSON.stringify(state));
  }
}
