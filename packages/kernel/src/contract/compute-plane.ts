import type { ComputeBackend, DeviceKind, TensorMap } from "./compute-backend.ts";
import type { ModelSpec } from "./model.ts";
import type { Policy } from "./policy.ts";

/** The part of a policy the compute plane obeys. */
export type ComputePolicy = Pick<
  Policy,
  "compute" | "residency" | "objective" | "degrade" | "hedge" | "retry" | "criticality"
>;

/** On whose behalf models run: one step of one run. */
export interface ComputeScope {
  readonly tenant: string;
  readonly runId: string;
  /** Path of the step: "embed/image". */
  readonly step: string;
  readonly policy: ComputePolicy;
  /** Monotonic milliseconds by which the answer must be there; Infinity without a deadline. */
  readonly deadlineMs: number;
}

export interface ModelCall extends ComputeScope {
  readonly model: string;
  readonly inputs: TensorMap;
  readonly signal: AbortSignal;
}

/** How a quantity is known: read from a counter, computed from a model of the device, or taken from a declaration. */
export type Basis = "measured" | "estimated" | "declared";

/** What the plane did for one call. */
export interface ModelUse {
  readonly model: string;
  readonly variant: string;
  /** "sha256:<hex>" over the variant's files; null for a model on somebody else's server. */
  readonly digest: string | null;
  readonly backend: string;
  /** Device it really ran on. */
  readonly device: string;
  readonly deviceKind: DeviceKind;
  readonly pool: string;
  /** Runs that were started for it: more than one when something was retried or hedged. */
  readonly attempts: number;
  readonly hedged: boolean;
  /** Items in the run it shared, its own included. */
  readonly batchItems: number;
  readonly queueMs: number;
  readonly runMs: number;
  readonly joules?: { readonly value: number; readonly basis: Basis } | undefined;
  /** Carbon dioxide of that energy, where the operator gives the intensity of the power. */
  readonly carbonGrams?: number | undefined;
  readonly usd?: number | undefined;
  /** Id of the routing decision, for `stargate explain`. */
  readonly decision?: string | undefined;
  /** A better variant was there and another was used: announced. Never under `degrade: "never"`. */
  readonly degradation?: { readonly what: string; readonly reason: string } | undefined;
}

export interface ModelAnswer {
  readonly outputs: TensorMap;
  readonly use: ModelUse;
}

export interface RungChoice extends ComputeScope {
  readonly rungs: readonly { readonly name: string; readonly quality: number; readonly model?: string | undefined }[];
}

/**
 * Runs models wherever they run best, and says where that was. The kernel knows the plane by this interface only;
 * `@stargate/compute` implements it.
 */
export interface ComputePlane {
  /**
   * Throws SG_COMPUTE_UNKNOWN_MODEL, SG_COMPUTE_INPUT, SG_COMPUTE_PLACEMENT, SG_COMPUTE_OVERLOADED, SG_RUN_DEADLINE and
   * what a backend throws after every other place was tried.
   */
  run(call: ModelCall): Promise<ModelAnswer>;
  /** Files of a model that are not run: vocabulary, labels. Fetched on first use, checked, by name. */
  assets(model: string, options: { readonly signal: AbortSignal }): Promise<Readonly<Record<string, Blob>>>;
  /**
   * Index of the rung to begin with, and why when it is not the first. Absent, or undefined: the first.
   * Never asked under `degrade: "never"`.
   */
  readonly chooseRung?:
    | ((choice: RungChoice) => { readonly index: number; readonly reason: string } | undefined)
    | undefined;
  /** "sha256:<hex>" of a variant as `ModelUse` gives it; undefined when it is not on this machine. */
  digest?(model: string, variant: string): Promise<string | undefined>;
  /** Called once when a gate opens, with what its adapters bring. */
  attach?(contributions: { readonly models: readonly ModelSpec[]; readonly backends: readonly ComputeBackend[] }): void;
}
