import type { Arm } from "../types/arm.ts";
import type { RouteRequest } from "../types/route-request.ts";
import type { Choice } from "../score/choose-arm.ts";
import type { DecisionTable } from "../score/decision-table.ts";
import type { Terms } from "../score/terms.ts";

/** A decision with everything that went into it, as it was made: cheap to keep, and turned into words when asked for. */
export interface MadeDecision {
  readonly id: string;
  readonly epochMs: number;
  readonly snapshotVersion: number;
  readonly request: RouteRequest;
  readonly arms: readonly Arm[];
  readonly table: DecisionTable;
  readonly terms: Terms;
  readonly draw: number;
  readonly choice: Choice;
}
