import { isStargateError, type Clock, type GatedFetch } from "@stargate/kernel";
import { signatureHeader, signWebhook } from "./webhook-signature.ts";

export interface PostWebhookOptions {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly mediaType: string;
  /** The same on every attempt. */
  readonly idempotencyKey: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** The host's fetch gate. */
  readonly fetch: GatedFetch;
  readonly signal: AbortSignal;
}

/** What became of a call: taken, never to be taken, or to be made again. */
export interface WebhookVerdict {
  readonly state: "delivered" | "refused" | "pending";
  readonly message?: string;
  /** As the receiver asks for. */
  readonly retryAfterMs?: number | undefined;
}

/** These say that this very body will never be taken, or that nobody is there any more. */
const refusals = new Set([400, 410, 413, 415, 422]);

/** Makes one call of a signed webhook. Never throws. */
export async function postWebhook(options: PostWebhookOptions): Promise<WebhookVerdict> {
  const { url, secret, body, mediaType, idempotencyKey, headers, timeoutMs, clock, fetch, signal } = options;
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: {
        "content-type": mediaType,
        [signatureHeader]: await signWebhook(body, secret, Math.floor(clock.epochMs() / 1000)),
        "idempotency-key": idempotencyKey,
        ...headers,
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
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

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

/** Time before the next call, after so many: longer each time, and as long as the receiver asks for. */
export function webhookPauseMs(attempts: number, { retryAfterMs = 0 }: WebhookVerdict): number {
  return Math.max(retryAfterMs, Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS));
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) * 1000 : undefined;
}
