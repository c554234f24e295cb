import type { PoolTelemetry } from "../../pools/pool.ts";

/** How a dispatched decision ended. Every one must end, once: until then it counts as work in flight. */
export interface Outcome {
  /** Id of the decision. */
  readonly decision: string;
  /**
   * "failed": the arm's fault (error, host lost, wrong result). "timeout": given up on while it ran.
   * "expired": never started, its deadline had passed. "cancelled": nobody's fault (client gone, loser of a hedge).
   */
  readonly result: "ok" | "failed" | "timeout" | "expired" | "cancelled";
  /** Time it waited in the pool, or has waited until it was given up. */
  readonly queueMs: number;
  /** Time from leaving the queue until the answer was back, loading not included; for "timeout" what had passed of it. */
  readonly serviceMs: number;
  /** Time spent loading the model first. */
  readonly coldMs?: number | undefined;
  readonly usd?: number | undefined;
  readonly joules?: number | undefined;
  /** The pool as the reply saw it, when replies carry it. */
  readonly telemetry?: PoolTelemetry | undefined;
}

/** How good an answer turned out to be. */
export interface QualityObservation {
  readonly model: string;
  readonly variant: string;
  readonly rung?: string | undefined;
  /** 0-1, on the scale of the declared quality. */
  readonly score: number;
  /** What it counts against others; default 1. */
  readonly weight?: number | undefined;
  /** A person's judgement, or agreement with the best rung on the same input. */
  readonly source: "feedback" | "shadow";
}
