import type { EncodedBody } from "../contract/modality.ts";
import type { Payload } from "../contract/payload.ts";
import type { Policy } from "../contract/policy.ts";
import type { Receipt } from "../contract/receipt.ts";
import type { Scratch } from "../contract/run-context.ts";
import type { JsonObject } from "../util/json.ts";
import type { Pipeline } from "../graph/builder.ts";
import type { CompiledGraph } from "../graph/compiled-graph.ts";
import type { Graph } from "../graph/graph.ts";
import type { Explanation } from "../plan/explanation.ts";
import type { Registry } from "../registry/registry.ts";
import type { RunEvent, RunRequest, RunStream } from "../run/runner.ts";

/** One input: bytes (recognised by content), text, a ready payload, or a stream of item values for a `many(...)` input. */
export type InputValue = Blob | string | Payload | AsyncIterable<unknown>;

/** A single input, or one value per named input of the pipeline. */
export type GateInput = InputValue | { readonly [name: string]: InputValue };

/** A pipeline in any of its spellings. */
export type AnyPipeline = Pipeline | Graph | CompiledGraph;

/** What is wanted: a modality (the gate finds the way) or a pipeline. */
export type Goal =
  | {
      /** Modality id: "text". */
      readonly to: string;
      /** Options by transform id, for the transforms the plan uses: `{ "ocr.read": { languages: ["fra"] } }`. */
      readonly with?: Readonly<Record<string, JsonObject>> | undefined;
    }
  | { readonly pipeline: AnyPipeline };

export interface RunOptions {
  readonly policy?: Policy | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whose data this is. Default "default". */
  readonly tenant?: string | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Takes the input as this modality instead of recognising it. */
  readonly as?: string | undefined;
  /** File name, for people and receipts; never used to recognise the input. */
  readonly name?: string | undefined;
  readonly checkpoints?: RunRequest["checkpoints"];
  /**
   * A temporary place of the caller's for the files of the run (`host.openScratch`): those of the answer can be read until
   * the caller closes it. Default: a place of the run's own; an answer that is a file there cannot be read afterwards.
   */
  readonly scratch?: Scratch | undefined;
}

/** The answer, and exactly how it was made. */
export interface Answer {
  readonly value: unknown;
  readonly payload: Payload;
  readonly receipt: Receipt;
}

export interface Encoded {
  readonly body: EncodedBody;
  readonly mediaType: string;
}

export interface ExplainRequest {
  /** Modality id of what there is, or the input itself. */
  readonly from: string | Blob;
  readonly to: string;
  readonly policy?: Policy | undefined;
}

/** An open runtime holding adapters. */
export interface Gate {
  readonly registry: Registry;
  /**
   * Recognises the input, plans (or takes the pipeline), runs, and gives answer and receipt.
   * Throws StargateError: SG_INPUT_*, SG_PLAN_NO_PATH, SG_GRAPH_*, SG_RUN_*, SG_COVERAGE_*, and those of the transforms.
   */
  run(input: GateInput, goal: Goal, options?: RunOptions): Promise<Answer>;
  /** As `run`, item by item while they are made. */
  stream(input: GateInput, goal: Goal, options?: RunOptions): Promise<RunStream>;
  /** Checks a pipeline and resolves its names. Throws SG_GRAPH_INVALID, SG_GRAPH_MISMATCH, SG_OPTIONS_INVALID, SG_REGISTRY_UNKNOWN. */
  compile(pipeline: AnyPipeline): CompiledGraph;
  /** The way the gate would go, with every candidate it rejected and why. */
  explain(request: ExplainRequest): Promise<Explanation>;
  /** Writes a payload as one of its media types. `accept` is an HTTP Accept value; the modality's default without it. */
  encode(
    payload: Pick<Payload, "modality" | "value">,
    accept?: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Encoded>;
  /** Closes adapters and backends in reverse order of opening. Safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
