import type { RefusalReason } from "../types/decision.ts";
import type { Arm } from "../types/arm.ts";
import type { RouteRequest } from "../types/route-request.ts";
import type { Choice } from "../score/choose-arm.ts";
import type { FeatureTable } from "../score/feature-table.ts";
import type { Scores } from "../score/score-arms.ts";
import type { Terms } from "../score/terms.ts";

/** A decision with everything that went into it, as it was made: cheap to keep, and turned into words when asked for. */
export interface MadeDecision {
  readonly id: string;
  readonly epochMs: number;
  readonly snapshotVersion: number;
  readonly request: RouteRequest;
  readonly arms: readonly Arm[];
  readonly table: FeatureTable;
  readonly refusals: readonly (RefusalReason | undefined)[];
  readonly terms: Terms;
  readonly draw: number;
  readonly scores: Scores;
  readonly choice: Choice;
}
