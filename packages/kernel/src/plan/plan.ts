import type { Descriptor } from "../contract/modality.ts";
import type { Policy } from "../contract/policy.ts";
import type { Cost, AnyTransform } from "../contract/transform.ts";
import type { Graph } from "../graph/graph.ts";
import type { JsonObject } from "../util/json.ts";

/** What there is, what is wanted, and under which conditions. */
export interface PlanRequest {
  /** `modality` is an id, or "many(<id>)" for a stream; the descriptor makes costs and restrictions exact. */
  readonly from: {
    readonly modality: string;
    readonly many?: boolean | undefined;
    readonly descriptor?: Descriptor | undefined;
  };
  /** A modality id (a stream of it when there is no other way), or "many(<id>)". */
  readonly to: string;
  readonly policy?: Policy | undefined;
  /** Transforms that must not be used: "<id>" or "<id>@<version>". */
  readonly exclude?: readonly string[] | undefined;
  /** Options by transform id; they go into the plan's steps. */
  readonly options?: Readonly<Record<string, JsonObject>> | undefined;
}

export interface PlannerOptions {
  /** Cost of one invocation as it was measured here; replaces the transform's own prior. */
  readonly measuredCosts?: ((transform: AnyTransform, descriptor: Descriptor) => Cost | undefined) | undefined;
  /** No step may use a network. */
  readonly airGapped?: boolean | undefined;
}

/** What a step is expected to take. */
export interface Prediction {
  readonly ms: number;
  readonly usd: number;
  readonly joules: number;
  /** Kinds of information lost, with weights. */
  readonly loss: Readonly<Record<string, number>>;
  /** 0-1, of the best rung. */
  readonly quality: number;
  /** Neither measured nor predictable from what is known of the input: a stand-in. */
  readonly assumed: boolean;
}

/** One transform of a plan. */
export interface PlanStep {
  readonly transform: AnyTransform;
  /** Runs on every item of a stream. */
  readonly lifted: boolean;
  readonly from: string;
  readonly to: string;
  readonly predicted: Prediction;
  /** Soft restrictions that hold for the input: they will be announced as degradations. */
  readonly notes: readonly string[];
}

export interface PlanTotals {
  readonly ms: number;
  readonly usd: number;
  readonly joules: number;
  /** Sum of the weights of everything lost, and of what rungs fall short of full quality. */
  readonly loss: number;
  /** What was minimised: see `scoreOf`. */
  readonly score: number;
}

/** A graph the gate found by itself. */
export interface Plan {
  /** Takes one input named "input". */
  readonly graph: Graph;
  readonly steps: readonly PlanStep[];
  readonly totals: PlanTotals;
}
