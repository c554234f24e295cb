import type { ModelSpec, ModelVariant } from "@stargate/kernel";

/** How far a download has come. */
export interface PullProgress {
  readonly model: string;
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number | null;
}

/** Files of a variant on this machine, verified. */
export interface LocatedVariant {
  readonly spec: ModelSpec;
  readonly variant: ModelVariant;
  /** Absolute path by file name. */
  readonly paths: Readonly<Record<string, string>>;
  /** "sha256:<hex>" over names and digests of the files; null when there are none (a model on somebody else's server). */
  readonly digest: string | null;
}

export type VariantState =
  /** Here and verified (or without files). */
  | "ready"
  /** Not here; the operator allows it to be fetched. */
  | "fetchable"
  /** Not here, and not to be fetched: the operator has not allowed it, or nobody knows where it is. */
  | "absent"
  /** Its digest is not known and the operator has not accepted it. */
  | "unaccepted";

export interface StoreCallOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
}

/** Knows every declared model, and where its bytes are. */
export interface ModelStore {
  /** Adds declarations (of adapters that were opened); later ones of the same id and version win. */
  declare(specs: readonly ModelSpec[]): void;
  readonly specs: readonly ModelSpec[];
  /** Newest version of a model. Throws SG_COMPUTE_UNKNOWN_MODEL with the nearest name. */
  spec(model: string): ModelSpec;
  /** Cheap: does not read files, remembers what was seen. */
  state(spec: ModelSpec, variant: ModelVariant): VariantState;
  /** Makes the files be here and verified; fetches them when that is allowed. Throws SG_MODEL_*. */
  locate(spec: ModelSpec, variant: ModelVariant, options: StoreCallOptions): Promise<LocatedVariant>;
  /** Asset files of a model by name, absolute paths, verified. Throws SG_MODEL_*. */
  locateAssets(spec: ModelSpec, options: StoreCallOptions): Promise<Readonly<Record<string, string>>>;
}
