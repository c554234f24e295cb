import type { ComputePlane } from "./compute-plane.ts";
import type { Offload } from "./offload.ts";
import type { ResultCache } from "./result-cache.ts";
import type { GatedFetch, Log, Scratch } from "./run-context.ts";

/** Time as the kernel sees it; tests pass a fake. */
export interface Clock {
  /** Monotonic milliseconds: deadlines, durations. */
  nowMs(): number;
  /** Wall clock, milliseconds since the epoch: receipts only. */
  epochMs(): number;
  /** Calls back after `ms`; returns a cancel function. */
  timer(ms: number, callback: () => void): () => void;
}

/** What one run gets from its host, apart from its own data. */
export interface RunScope {
  readonly runId: string;
  readonly tenant: string;
  readonly signal: AbortSignal;
}

/**
 * What the platform lends the kernel: a browser, a bare Node process and the gateway differ only here.
 * The defaults (`createPortableHost`) run tasks inline, keep scratch in memory and refuse every fetch.
 */
export interface Host {
  readonly clock: Clock;
  readonly log: Log;
  /** 128 random bits as 32 hex digits: run ids. */
  randomId(): string;
  readonly offload: Offload;
  readonly fetch: GatedFetch;
  readonly compute: ComputePlane;
  /** Keeps results of deterministic steps. Absent: everything is done anew. */
  readonly results?: ResultCache | undefined;
  /** Opens the run's temporary place; `close` removes everything in it. */
  openScratch(scope: RunScope): { readonly scratch: Scratch; close(): Promise<void> };
  secret(tenant: string, name: string): string | undefined;
  /** "sha256:<hex>" of a Blob, streamed. Absent: the kernel's own portable implementation. */
  readonly digestBlob?: ((blob: Blob) => Promise<string>) | undefined;
}
