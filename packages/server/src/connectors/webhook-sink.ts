import { isStargateError, type Clock, type EncodedBody, type GatedFetch, type Sink } from "@stargate/kernel";
import { failConnector } from "../errors/connector-errors.ts";
import { createNodeClock } from "../host/node-clock.ts";
import { chunksOf, type EncodePayload } from "./encode-delivery.ts";
import { signatureHeader, signWebhook } from "./webhook-signature.ts";

export interface WebhookSinkOptions {
  /** Where results are posted; its host must be on the gateway's allow-list. */
  readonly url: string;
  /** Shared with the receiver, who checks the signature with `verifyWebhook`. */
  readonly secret: string;
  readonly encode: EncodePayload;
  /** The host's fetch gate. */
  readonly fetch: GatedFetch;
  /** Time for one attempt. Default 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

// These say that this very body will never be taken. Everything else may be a fault of the moment or of the
// configuration (401, 404 ...), and must not cost a result.
const refusals = new Set([400, 413, 415, 422]);

/**
 * Posts every result to a URL, signed. The receiver sees the same `Idempotency-Key` on every attempt and should
 * answer 2xx only when it has the result. Throws SG_CONNECTOR_UNAVAILABLE (worth another attempt) and SG_CONNECTOR_REFUSED.
 */
export function createWebhookSink(options: WebhookSinkOptions): Sink {
  const { url, secret, encode, timeoutMs = 30_000, clock = createNodeClock() } = options;
  return {
    kind: "sink",
    id: "webhook",
    async deliver(delivery, { signal }) {
      const { body, mediaType } = await encode(delivery.payload, { signal });
      const bytes = await signable(body);
      const { host } = new URL(url);
      const response = await options
        .fetch(url, {
          method: "POST",
          body: bytes,
          headers: {
            "content-type": mediaType,
            [signatureHeader]: await signWebhook(bytes, secret, Math.floor(clock.epochMs() / 1000)),
            "idempotency-key": delivery.idempotencyKey,
            "stargate-receipt": delivery.receipt.id,
            ...(delivery.name === undefined ? {} : { "stargate-name": encodeURIComponent(delivery.name) }),
          },
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        })
        .catch((error: unknown) => {
          // Not the result's fault: it waits until the operator has corrected the allow-list or the address.
          if (!isStargateError(error) || error.retryable) throw error;
          throw failConnector("SG_CONNECTOR_UNAVAILABLE", error.message, { hint: error.hint, cause: error });
        });
      await response.body?.cancel();
      if (response.ok) return;
      const message = `${host} answered ${response.status}`;
      if (refusals.has(response.status)) throw failConnector("SG_CONNECTOR_REFUSED", message);
      throw failConnector("SG_CONNECTOR_UNAVAILABLE", message, {
        details: { retryAfterMs: retryAfterMs(response.headers.get("retry-after")) },
      });
    },
  };
}

// The signature comes before the body, so a stream has to be read first. Large results are Blobs and stay on disk.
async function signable(body: EncodedBody): Promise<string | Uint8Array<ArrayBuffer> | Blob> {
  if (!(body instanceof ReadableStream)) return body;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of chunksOf(body)) chunks.push(new Uint8Array(chunk));
  return new Blob(chunks);
}

function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}
