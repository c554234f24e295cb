import type { Clock, Json, Log } from "@stargate/kernel";
import type { PoolTelemetry } from "../../pools/pool.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import type { Arm } from "./arm.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, QualityObservation } from "./observation.ts";
import type { RouteRequest } from "./route-request.ts";

export interface RouterOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). One number is drawn per decision and recorded with it. */
  readonly random: () => number;
  /** Prefix of decision ids: unique per process. Drawn when absent. */
  readonly instance?: string | undefined;
  readonly log?: Log | undefined;
  /** What `state()` gave in an earlier life. Damaged or of another version: a fresh start, with a warning. */
  readonly state?: unknown;
  /** Decisions kept in memory for `record`. Default 2,000. */
  readonly recordedDecisions?: number | undefined;
  /** Gets every decision that was dispatched or refused; must not throw and must not wait. */
  readonly onRecord?: ((record: DecisionRecord) => void) | undefined;
  /** Observations are folded into the next snapshot this long after the first of them. Default 20. */
  readonly foldAfterMs?: number | undefined;
  /** Largest share of requests used to learn about arms that are not the best. Default 0.02; 0 turns exploration off. */
  readonly exploration?: number | undefined;
}

/** Places calls on arms, and learns from how they end. One thread, no I/O; the same class serves and is simulated. */
export interface Router {
  /** Never waits, never throws for reasons of placement: a refusal is a decision. */
  decide(request: RouteRequest, arms: readonly Arm[]): Decision;
  /** What a pool reports of itself; reports may be old and may come late. */
  report(pool: string, telemetry: PoolTelemetry): void;
  /** How a decision ended. Unknown or repeated ids are ignored. */
  observe(outcome: Outcome): void;
  observeQuality(observation: QualityObservation): void;
  /** Learns from what has been observed so far now; otherwise a timer of the clock does. */
  fold(): void;
  /** A recent decision. */
  record(decision: string): DecisionRecord | undefined;
  /** Everything learned, as JSON: for `state` of the next life. */
  state(): Json;
  /** Stops the timer; safe to call twice. */
  close(): void;
}
