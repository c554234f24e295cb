import type { FailureRate } from "./failure-rate.ts";
import type { FeedbackLevel, QualityKnown } from "./quality.ts";
import type { Ratio } from "./ratio.ts";
import type { PoolDrift, ServiceCell, UsualService } from "./service-time.ts";
import type { WaitKnown } from "./wait.ts";

export interface ArmKnown {
  readonly failure: FailureRate;
  readonly usd: Ratio;
  readonly joules: Ratio;
  /** Time to load the model; undefined before it was seen. */
  readonly coldMs: number | undefined;
  readonly usual: UsualService | undefined;
  /** By bucket. */
  readonly cells: ReadonlyMap<string, ServiceCell>;
}

export interface PoolKnown {
  readonly drift: PoolDrift;
  readonly failure: FailureRate;
  readonly wait: WaitKnown;
}

/** Everything learned, at one moment. Never changed: a decision sees one version from beginning to end. */
export interface Snapshot {
  readonly version: number;
  /** By arm id. */
  readonly arms: ReadonlyMap<string, ArmKnown>;
  /** By pool. */
  readonly pools: ReadonlyMap<string, PoolKnown>;
  /** By `qualityKey`. */
  readonly qualities: ReadonlyMap<string, QualityKnown>;
  /** How people score, by model. */
  readonly levels: ReadonlyMap<string, FeedbackLevel>;
}

export const emptySnapshot: Snapshot = {
  version: 0,
  arms: new Map(),
  pools: new Map(),
  qualities: new Map(),
  levels: new Map(),
};

/** Quality belongs to a variant (and rung), wherever it runs. */
export function qualityKey(of: {
  readonly model: string;
  readonly variant: string;
  readonly rung?: string | undefined;
}): string {
  return `${of.model}\n${of.variant}\n${of.rung ?? ""}`;
}
