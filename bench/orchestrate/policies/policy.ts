import type { Arm, Outcome, PoolTelemetry, QualityObservation, RouteRequest } from "@stargate/compute";

/** One call a policy has to place. */
export interface PolicyCall {
  readonly request: RouteRequest;
  readonly arms: readonly Arm[];
  readonly nowMs: number;
  /** Truth about every arm: for the oracle only. */
  readonly truth: (arm: number) => ArmTruth;
}

export interface ArmTruth {
  /** Probability-free: it will be there in time and be no failure. */
  readonly onTime: boolean;
  readonly utility: number;
  readonly waitMs: number;
  readonly slotMs: number;
}

/** Where a policy wants a call. */
export interface PolicyChoice {
  /** Index of the arm; -1: refused. */
  readonly arm: number;
  /** Passed back to `end`. */
  readonly ticket: string;
  readonly explored: boolean;
  /** An arm to load the model on. */
  readonly warmUp?: Arm | undefined;
}

/** How a call ended, with the utility it had: what bandits learn from. */
export interface PolicyOutcome extends Omit<Outcome, "decision"> {
  readonly utility: number;
}

/** One gateway's way to place calls. */
export interface Policy {
  choose(call: PolicyCall): PolicyChoice;
  end(ticket: string, outcome: PolicyOutcome): void;
  report(pool: string, telemetry: PoolTelemetry): void;
  quality(observation: QualityObservation): void;
}
