import type { PlanTotals, Prediction } from "./plan.ts";
import type { MissingHop } from "./missing-hop.ts";

/** What a step really took, from a receipt. */
export interface Measured {
  readonly ms: number;
  readonly invocations: number;
  readonly attempts: number;
  readonly failures: number;
  readonly rung?: string | undefined;
  /** Invocations answered from kept results. */
  readonly cached: number;
}

export interface ExplainedStep {
  /** "ocr.read@1.0.0" */
  readonly uses: string;
  readonly summary: string;
  readonly from: string;
  readonly to: string;
  /** Runs on every item of a stream. */
  readonly lifted: boolean;
  readonly predicted: Prediction;
  readonly notes: readonly string[];
  /** Only after a run: see `explainAnalyze`. */
  readonly measured?: Measured | undefined;
}

export interface RejectedCandidate {
  readonly uses: string;
  readonly reason: string;
}

/** Why the plan is what it is. Plain data: printed, sent and compared as JSON. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  /** The way taken; null when there is none. */
  readonly chosen: { readonly steps: readonly ExplainedStep[]; readonly totals: PlanTotals } | null;
  /** Every other registered transform, in every version, with the reason. */
  readonly rejected: readonly RejectedCandidate[];
  /** Only without a way. */
  readonly missing: MissingHop | null;
}
