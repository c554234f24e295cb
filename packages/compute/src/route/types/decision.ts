import type { Arm } from "./arm.ts";

/** Why one arm was not taken into account. */
export type RefusalReason =
  | "pool-pin"
  | "device-pin"
  | "residency"
  | "capability"
  | "breaker"
  | "ejected"
  | "absent"
  | "closed"
  | "excluded"
  | "variant"
  | "quality"
  | "budget"
  | "deadline";

/** What the router expects of one arm for one request. */
export interface Candidate {
  readonly arm: string;
  readonly pool: string;
  /** Absent: allowed. `text` is a sentence with the numbers. */
  readonly refused?: { readonly reason: RefusalReason; readonly text: string } | undefined;
  /** Higher is better; NaN for arms that a hard constraint rules out. */
  readonly score: number;
  readonly waitMs: number;
  readonly serviceMs: number;
  /** Extra time for loading the model; 0 when it is loaded. */
  readonly coldMs: number;
  readonly usd: number;
  readonly joules: number;
  readonly quality: number;
  readonly failureProbability: number;
  /** That the answer is there before the deadline and is no failure. */
  readonly onTimeProbability: number;
  /** Probability with which this arm would have been chosen. */
  readonly propensity: number;
}

/** Why there is no arm; `code` and `message` are what to throw. */
export interface Refusal {
  readonly code: "SG_COMPUTE_PLACEMENT" | "SG_COMPUTE_OVERLOADED" | "SG_RUN_DEADLINE";
  readonly message: string;
  /** When trying again makes sense; absent when it does not. */
  readonly retryAfterMs?: number | undefined;
}

/** What the router expects of the arm it chose. */
export interface Prediction {
  readonly waitMs: number;
  readonly serviceMs: number;
  readonly coldMs: number;
  /** The whole call is done by then in 95 of 100 cases: when to hedge. */
  readonly p95Ms: number;
  readonly usd: number;
  readonly joules: number;
  readonly quality: number;
  readonly onTimeProbability: number;
}

interface DecisionBase {
  /** For receipts and `stargate explain`. */
  readonly id: string;
  /** Every arm that was offered, in the order given. Made when asked for. */
  readonly candidates: readonly Candidate[];
  /** Version of the snapshot of what was learned. */
  readonly snapshotVersion: number;
  /** An arm that would be better if its model were loaded: worth warming up in the background. */
  readonly warmUp?: Arm | undefined;
}

export interface Placement extends DecisionBase {
  readonly arm: Arm;
  readonly refusal?: undefined;
  readonly predicted: Prediction;
  /** Probability with which this arm was chosen: for off-policy evaluation of the log. */
  readonly propensity: number;
  /** Chosen to learn about it, not because it looked best. */
  readonly explored: boolean;
}

export interface Refused extends DecisionBase {
  readonly arm?: undefined;
  readonly refusal: Refusal;
}

export type Decision = Placement | Refused;
