import type { Json, JsonObject } from "../util/json.ts";
import type { Compute } from "./compute-backend.ts";
import type { CoverageReport } from "./coverage.ts";
import type { Offload } from "./offload.ts";

export interface Log {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

/** One step of a transform's degradation ladder. The first rung is the best; `quality` is relative to it. */
export interface Rung {
  readonly name: string;
  /** 0-1, 1 for the best rung. */
  readonly quality: number;
  readonly model?: string | undefined;
  readonly settings?: JsonObject | undefined;
}

/**
 * State of a stateful transform. The runner owns, checkpoints and restores it; what is not in here is lost on restart.
 * A transform with `scope: "stream"` uses the default key "".
 */
export interface StateHandle<State = Json> {
  /** Current state of a key; `initial()` of the transform when there is none yet. */
  get(key?: string): State;
  set(state: State, key?: string): void;
  delete(key?: string): void;
  keys(): readonly string[];
}

/** A quota-bound temporary place that is gone with the run. */
export interface Scratch {
  /** Stores bytes and gives them back as a (file-backed, where there are files) Blob. */
  put(body: Blob | AsyncIterable<Uint8Array>, mediaType?: string): Promise<Blob>;
}

/** An itemised problem that did not stop the run. */
export interface IssueReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The part it concerns: "page 7". */
  readonly item?: string | undefined;
}

/** A quantity worth metering: pages, audio seconds, megapixels, tokens, joules. */
export interface MeterLine {
  readonly unit: string;
  readonly quantity: number;
}

export type GatedFetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/** Everything a transform may use. It never reaches for globals (network, files, clock) instead. */
export interface RunContext<Options = unknown, State = unknown> {
  readonly signal: AbortSignal;
  /** Milliseconds on the host's monotonic clock at which the run must be done; Infinity without a deadline. */
  readonly deadline: number;
  /** Milliseconds left until the deadline. */
  remainingMs(): number;
  readonly options: Options;
  /** The rung of the ladder this attempt runs on. */
  readonly rung: Rung;
  readonly compute: Compute;
  /** Runs heavy code off this thread. */
  readonly offload: Offload;
  /** The only way to a network; refused with SG_FETCH_DENIED unless the operator allows the address. */
  readonly fetch: GatedFetch;
  readonly state: StateHandle<State>;
  readonly scratch: Scratch;
  readonly log: Log;
  readonly tenant: string;
  readonly secrets: { get(name: string): string | undefined };
  /** Says how much of the input was read; the last report of an invocation counts. */
  coverage(report: CoverageReport): void;
  /** Progress in the measure of the input. */
  progress(done: number, of?: number): void;
  /** Sends a partial result to whoever listens ("segment-delta"). */
  emit(type: string, data: unknown): void;
  meter(line: MeterLine): void;
  issue(report: IssueReport): void;
  /** Announces that less than the best was done: lower resolution, a fallback engine. Throws SG_DEGRADE_REFUSED under `degrade: "never"`. */
  degrade(note: { readonly what: string; readonly reason: string }): void;
  /** Adds facts to the step's receipt: which engine read it, at which DPI. */
  disclose(facts: JsonObject): void;
}
