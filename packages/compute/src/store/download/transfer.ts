import { isStargateError, type Clock, type GatedFetch, type StargateError } from "@stargate/kernel";
import { cancellationOf, throwIfCancelled } from "../cancellation.ts";
import { fail } from "../model-errors.ts";
import type { PartialFile } from "./partial-file.ts";
import { readHead, validatorOf, type ResponseHead } from "./response-head.ts";
import { startWatchdog } from "./watchdog.ts";

export interface TransferOptions {
  readonly url: string;
  readonly partial: PartialFile;
  /** Size the file must have; null: not known. */
  readonly expectedBytes: number | null;
  /** The content is known by its digest: bytes of another address, or of a server without validators, may be gone on with. */
  readonly isPinned: boolean;
  readonly maxBytes: number;
  /** An answer that sends nothing for so long is given up. */
  readonly stallMs: number;
  readonly fetch: GatedFetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Throws when there is no place for so many more bytes. */
  readonly reserve: (bytes: number) => Promise<void>;
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
}

export type TransferResult =
  | { readonly kind: "whole" }
  /** Worth another try, which goes on from here. */
  | {
      readonly kind: "broken";
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    }
  /** This address will not give it. */
  | { readonly kind: "refused"; readonly reason: string; readonly error?: StargateError | undefined };

/**
 * One request for what a partial file still lacks, and its answer down to the disk. Throws when the caller gives up and
 * what the disk throws; what the network does is a result.
 */
export async function transfer(options: TransferOptions): Promise<TransferResult> {
  const { partial, clock, signal, stallMs } = options;
  throwIfCancelled(signal);
  if (partial.sizeBytes > 0 && !canGoOn(options)) await partial.reset();
  const stalled = new AbortController();
  const watchdog = startWatchdog(clock, stallMs, () =>
    stalled.abort(fail("SG_MODEL_DOWNLOAD", `no bytes came for ${stallMs / 1000} s`)),
  );
  try {
    return await receive(options, AbortSignal.any([signal, stalled.signal]), () => watchdog.feed());
  } finally {
    watchdog.stop();
  }
}

async function receive(options: TransferOptions, signal: AbortSignal, feed: () => void): Promise<TransferResult> {
  const { url, partial, expectedBytes, maxBytes } = options;
  const [answer] = await Promise.allSettled([options.fetch(url, { headers: requestHeaders(options), signal })]);
  if (answer.status === "rejected") return failure(answer.reason, options, signal);
  feed();
  const response = answer.value;
  const head = readHead(response, options.clock.epochMs());
  if (head.kind !== "bytes" || (head.startBytes !== 0 && head.startBytes !== partial.sizeBytes)) {
    await response.body?.cancel().catch(() => undefined);
    return withoutBytes(head, response.status, options);
  }
  const { totalBytes } = head;
  const objection = sizeObjection(totalBytes, expectedBytes, maxBytes);
  if (objection !== undefined) {
    await response.body?.cancel().catch(() => undefined);
    return objection;
  }
  if (head.startBytes === 0) await partial.begin({ url, validator: validatorOf(response) });
  else partial.resume();
  await options.reserve(Math.max(0, (totalBytes ?? expectedBytes ?? 0) - partial.sizeBytes));
  return receiveBody(response, totalBytes ?? expectedBytes, options, signal, feed);
}

async function receiveBody(
  response: Response,
  wantedBytes: number | null,
  options: TransferOptions,
  signal: AbortSignal,
  feed: () => void,
): Promise<TransferResult> {
  const { partial, expectedBytes, maxBytes } = options;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const [next] = await Promise.allSettled([reader?.read()]);
      if (next.status === "rejected") return failure(next.reason, options, signal);
      if (next.value === undefined || next.value.done) break;
      feed();
      const sizeBytes = partial.sizeBytes + next.value.value.byteLength;
      if (sizeBytes > (wantedBytes ?? maxBytes)) {
        await partial.reset();
        return sizeObjection(sizeBytes, expectedBytes, maxBytes) ?? tooMuch(maxBytes);
      }
      await partial.append(next.value.value);
      options.onBytes(sizeBytes, wantedBytes);
    }
  } finally {
    await reader?.cancel().catch(() => undefined); // frees the connection when we stop early
  }
  if (wantedBytes !== null && partial.sizeBytes < wantedBytes)
    return { kind: "broken", reason: `the answer ended after ${partial.sizeBytes} of ${wantedBytes} bytes` };
  return { kind: "whole" };
}

function requestHeaders({ url, partial }: TransferOptions): Record<string, string> {
  // Ranges count the bytes as they are sent, so nothing may pack them on the way.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (partial.sizeBytes === 0) return headers;
  headers["range"] = `bytes=${partial.sizeBytes}-`;
  const { origin } = partial;
  if (origin?.url === url && origin.validator !== null) headers["if-range"] = origin.validator;
  return headers;
}

function canGoOn({ url, partial: { origin }, isPinned }: TransferOptions): boolean {
  return isPinned || (origin?.url === url && origin.validator !== null);
}

async function withoutBytes(
  head: ResponseHead,
  status: number,
  { partial, expectedBytes }: TransferOptions,
): Promise<TransferResult> {
  switch (head.kind) {
    case "busy":
      return { kind: "broken", reason: `HTTP ${status}`, retryAfterMs: head.retryAfterMs };
    case "refused":
      return { kind: "refused", reason: `HTTP ${status}` };
    case "end": {
      // 416: there is no byte after ours, so that was all, or ours is the beginning of something else.
      const isAll = partial.sizeBytes > 0 && (head.totalBytes ?? expectedBytes) === partial.sizeBytes;
      if (isAll) return { kind: "whole" };
      await partial.reset();
      return { kind: "broken", reason: `HTTP ${status}` };
    }
    case "bytes":
      await partial.reset();
      return { kind: "broken", reason: `it answered with bytes from ${head.startBytes}, which were not asked for` };
  }
}

function sizeObjection(
  sizeBytes: number | null,
  expectedBytes: number | null,
  maxBytes: number,
): TransferResult | undefined {
  if (sizeBytes === null) return undefined;
  if (expectedBytes !== null && sizeBytes !== expectedBytes)
    return { kind: "refused", reason: `it has ${sizeBytes} bytes or more, the file has ${expectedBytes}` };
  return sizeBytes > maxBytes ? tooMuch(maxBytes) : undefined;
}

function tooMuch(maxBytes: number): TransferResult {
  const reason = `it has more than ${maxBytes} bytes`;
  return { kind: "refused", reason, error: fail("SG_MODEL_TOO_LARGE", reason) };
}

/** What the network's failure means: denied and too large stay so, everything else may pass. */
function failure(error: unknown, { signal: caller }: TransferOptions, signal: AbortSignal): TransferResult {
  if (caller.aborted) throw cancellationOf(caller);
  if (signal.aborted) return { kind: "broken", reason: cancellationOf(signal).message };
  const reason = error instanceof Error ? describe(error) : String(error);
  if (isStargateError(error) && !error.retryable) return { kind: "refused", reason, error };
  return { kind: "broken", reason, cause: error };
}

/** The global fetch says "fetch failed" or "terminated" and keeps what happened in its cause. */
function describe(error: Error): string {
  const inner = error.cause;
  return inner instanceof Error && !isStargateError(error) ? `${error.message}: ${inner.message}` : error.message;
}
