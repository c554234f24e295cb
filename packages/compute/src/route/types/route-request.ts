/** Relative weights of what "best" means: normalised to sum one. All absent or zero: the router's defaults. */
export interface Objective {
  readonly latency?: number | undefined;
  readonly cost?: number | undefined;
  readonly energy?: number | undefined;
  readonly quality?: number | undefined;
}

/** What counts as one unit of money, energy and time in the objective. Absent: the largest among the arms. */
export interface ObjectiveScales {
  readonly usd?: number | undefined;
  readonly joules?: number | undefined;
  /** Absent: `remainingMs` when that is finite. */
  readonly latencyMs?: number | undefined;
}

export type Criticality = "critical" | "normal" | "sheddable";

/** What is to be placed. */
export interface RouteRequest {
  /** Kind of work with comparable service times: shape bucket, step. Keep the number of buckets small (tens, not thousands). */
  readonly bucket: string;
  /** Size within the bucket: tensors along the first axis, pages, seconds. */
  readonly items: number;
  /** Time left until the answer must be there; Infinity without a deadline. */
  readonly remainingMs: number;
  readonly objective?: Objective | undefined;
  readonly scales?: ObjectiveScales | undefined;
  /** It runs there or is refused. `device` is an id ("cuda:0") or a kind ("cuda"). */
  readonly pin?: { readonly pool?: string | undefined; readonly device?: string | undefined } | undefined;
  /** Tags the pool must carry, every one. */
  readonly residency?: readonly string[] | undefined;
  /** Smallest accepted quality (learned where known, else declared), 0-1. */
  readonly minimumQuality?: number | undefined;
  /** Smallest accepted declared quality, whatever has been learned since: "the best variant or none". */
  readonly minimumDeclaredQuality?: number | undefined;
  /** Largest accepted expected cost of this call. */
  readonly maximumUsd?: number | undefined;
  /** Default "normal". Decides how certain the router must be that an answer will be late before it refuses. */
  readonly criticality?: Criticality | undefined;
  readonly tenant: string;
  /** Pools that have been tried, or run the call already (hedging). */
  readonly excludePools?: readonly string[] | undefined;
  /** Only asked, not dispatched (choosing a rung): not counted as work in flight, not logged, never explores. */
  readonly preview?: boolean | undefined;
  /** Never place it on an arm other than the best known (a hedge, a canary). */
  readonly noExploration?: boolean | undefined;
}
