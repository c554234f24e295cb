import {
  cancellationOf,
  type Clock,
  createPortableHost,
  type GatedFetch,
  isStargateError,
  throwIfCancelled,
} from "@stargate/kernel";

/** What asking a server needs. */
export interface FetchContext {
  readonly fetch: GatedFetch;
  readonly signal: AbortSignal;
  /** For the pauses between attempts; real time by default. */
  readonly clock?: Clock | undefined;
}

/** Pauses before another attempt; one attempt more than there are pauses. */
const PAUSES_MS = [500, 2000, 6000] as const;

/** A server's wish to be left alone is granted up to this. */
const MAX_PAUSE_MS = 30_000;

const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks again where a failure may pass: broken connections, time-outs, 429 and 5xx. Gives the last answer, whatever its
 * status; throws what the last attempt threw, and the cancellation.
 */
export async function fetchPatiently(
  address: string,
  init: RequestInit,
  { fetch, signal, clock = systemClock() }: FetchContext,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    throwIfCancelled(signal, "Fetching");
    const pauseMs = PAUSES_MS[attempt];
    let asked = 0;
    try {
      const response = await fetch(address, { ...init, signal });
      if (pauseMs === undefined || !passing.has(response.status)) return response;
      asked = Number(response.headers.get("retry-after")) * 1000;
      await response.body?.cancel();
    } catch (error) {
      if (signal.aborted) throw cancellationOf(signal, "Fetching");
      const mayPass = isStargateError(error) ? error.retryable : error instanceof TypeError; // what a plain fetch throws
      if (pauseMs === undefined || !mayPass) throw error;
    }
    await pause(clock, Math.min(MAX_PAUSE_MS, asked > pauseMs ? asked : pauseMs), signal);
  }
}

const systemClock = (): Clock => createPortableHost().clock;

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
    signal.addEventListener("abort", abandon, { once: true });
  });
}
