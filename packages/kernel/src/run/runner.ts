import type { Policy } from "../contract/policy.ts";
import type { Payload } from "../contract/payload.ts";
import type { Receipt, Degradation, Issue } from "../contract/receipt.ts";
import type { Scratch } from "../contract/run-context.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import type { CheckpointStore } from "./checkpoint/checkpoint.ts";

/** What a run tells while it runs. `step` is a path of step ids ("read/ocr"). */
export type RunEvent =
  | { readonly type: "step-start"; readonly step: string }
  | { readonly type: "step-end"; readonly step: string; readonly ms: number; readonly ok: boolean }
  | {
      readonly type: "progress";
      readonly step: string;
      readonly done: number;
      readonly of: number | null;
      readonly measure: string;
    }
  | { readonly type: "emit"; readonly step: string; readonly name: string; readonly data: unknown }
  | { readonly type: "issue"; readonly issue: Issue }
  | { readonly type: "degradation"; readonly degradation: Degradation };

export interface RunRequest {
  readonly graph: CompiledGraph;
  /** One payload per input; an input that is a stream takes an iterable of values (items), read with backpressure. */
  readonly inputs: Readonly<Record<string, Payload | AsyncIterable<unknown>>>;
  /** Overrides the graph's policy field by field. */
  readonly policy?: Policy | undefined;
  readonly tenant?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** The graph is a plan found by the planner: its receipt names no pipeline. */
  readonly planned?: boolean | undefined;
  /** Issues found before the run began, for its receipt. */
  readonly issues?: readonly Issue[] | undefined;
  /** Hashes single inputs and the output for the receipt. Otherwise it only has digests that somebody has asked for. */
  readonly digests?: boolean | undefined;
  /** Where the run keeps its files, so that those of the answer outlive it. Default: a place of its own that goes with it. */
  readonly scratch?: Scratch | undefined;
  /** Keeps the state of stateful steps, so that the run can go on after a crash. Only for graphs with a stream input. */
  readonly checkpoints?:
    | { readonly store: CheckpointStore; readonly key: string; readonly everyItems?: number | undefined }
    | undefined;
}

export interface RunResult {
  readonly payload: Payload;
  readonly receipt: Receipt;
}

/** A run whose output is a stream. Leaving the iteration early cancels the run. */
export interface RunStream extends AsyncIterable<Payload> {
  /**
   * Index of the first item: 0, or more for a run that goes on from a checkpoint. Items given after the last checkpoint
   * of the run before come again, with the same index. Rejects when the run cannot begin.
   */
  readonly firstIndex: Promise<number>;
  /** Settles when the stream has ended; rejects with the run's error. */
  readonly receipt: Promise<Receipt>;
}

/** Executes compiled graphs: the one execution path of embedded calls, CLI, HTTP and services. */
export interface Runner {
  /** Runs to one payload. A graph whose output is a stream gives a payload whose value is the array of items. */
  run(request: RunRequest): Promise<RunResult>;
  /** Runs and yields items as they come; a single output is a stream of one. */
  stream(request: RunRequest): RunStream;
}
