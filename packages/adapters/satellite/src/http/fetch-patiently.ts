import {
  cancellationOf,
  type Clock,
  createPortableHost,
  type GatedFetch,
  isStargateError,
  throwIfCancelled,
} from "@stargate/kernel";
import { fail, satelliteErrors } from "../satellite-errors.ts";

/** What asking a server needs. */
export interface FetchContext {
  readonly fetch: GatedFetch;
  readonly signal: AbortSignal;
  /** For time limits and the pauses between attempts; real time by default. */
  readonly clock?: Clock | undefined;
}

/** Pauses before another attempt; one attempt more than there are pauses. */
const PAUSES_MS = [500, 2000, 6000] as const;

/** A server's wish to be left alone is granted up to this. */
const MAX_PAUSE_MS = 30_000;

/** From the question to the last byte of the answer. */
const ATTEMPT_MS = 60_000;

const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks an address and reads the answer with `use`; asks again where a failure may pass: broken connections, broken answers,
 * time-outs, 429 and 5xx. The last answer is read whatever its status. Throws what the last attempt threw
 * (SG_FETCH_FAILED for a time-out) and the cancellation.
 */
export async function fetchPatiently<T>(
  address: string,
  init: RequestInit,
  context: FetchContext,
  use: (response: Response) => Promise<T>,
): Promise<T> {
  const { signal, clock = createPortableHost().clock } = context;
  for (let attempt = 0; ; attempt++) {
    throwIfCancelled(signal, "Fetching");
    const pauseMs = PAUSES_MS[attempt];
    const limit = new AbortController();
    const stop = clock.timer(ATTEMPT_MS, () =>
      limit.abort(fail("SG_FETCH_FAILED", `No answer within ${ATTEMPT_MS / 1000} s`)),
    );
    let wishMs = 0;
    try {
      const response = await context.fetch(address, { ...init, signal: AbortSignal.any([signal, limit.signal]) });
      if (pauseMs === undefined || !passing.has(response.status)) return await use(response);
      wishMs = Number(response.headers.get("retry-after")) * 1000;
      await response.body?.cancel();
    } catch (error) {
      if (signal.aborted) throw cancellationOf(signal, "Fetching");
      const reason: unknown = limit.signal.aborted ? limit.signal.reason : error;
      // Without a code of ours it is what a platform's fetch throws when a connection breaks.
      const isJudged = isStargateError(reason) && reason.code in satelliteErrors; // `use` did not like what came
      const mayPass = !isStargateError(reason) || (reason.retryable && !isJudged);
      if (pauseMs === undefined || !mayPass) throw reason;
    } finally {
      stop();
    }
    await pause(clock, Math.min(MAX_PAUSE_MS, wishMs > pauseMs ? wishMs : pauseMs), signal);
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      cancel();
      reject(cancellationOf(signal, "Fetching"));
    };
    const cancel = clock.timer(ms, () => {
      signal.removeEventListener("abort", abandon);
      resolve();
    });
    if (signal.aborted) abandon();
    else signal.addEventListener("abort", abandon, { once: true });
  });
}
