import type { ModelSpec, ModelVariant } from "@stargate/kernel";
import type { FindOptions, FoundFile } from "./find-file.ts";
import type { ModelStore, StoreCallOptions, VariantState } from "./model-store.ts";

export interface PullOptions extends StoreCallOptions, Pick<FindOptions, "accept"> {}

/** What `pull` made sure of. */
export interface PulledModel {
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  readonly licence: string;
  /** Files of the variant, then assets. */
  readonly files: readonly FoundFile[];
}

/** One variant of a declared model, for people. */
export interface ModelListing {
  readonly model: string;
  readonly version: string;
  readonly summary: string;
  readonly licence: string;
  readonly format: string;
  readonly variant: string;
  readonly quality: number;
  /** Of its files and of the model's assets. */
  readonly state: VariantState;
  /** Of all its files and the model's assets; null: of one of them nobody declared it. */
  readonly sizeBytes: number | null;
  /** Every file has a declared digest. */
  readonly isPinned: boolean;
}

/** One file that `verify` read. */
export interface VerifiedFile {
  /** `blob <hex>`, or the path of a file that is used where it lies. */
  readonly name: string;
  readonly status: "ok" | "damaged" | "unreadable";
  readonly message?: string | undefined;
}

export interface BundledModel {
  readonly model: string;
  readonly version: string;
  /** null: the model's assets. */
  readonly variant: string | null;
  readonly files: readonly { readonly name: string; readonly sha256: string; readonly sizeBytes: number }[];
}

export interface BundleResult {
  readonly models: readonly BundledModel[];
  /** Of the whole bundle. */
  readonly sizeBytes: number;
  /** Of the whole bundle, in lower-case hex. */
  readonly sha256: string;
}

export interface LoadResult {
  readonly models: readonly BundledModel[];
  /** Blobs that were not here before. */
  readonly newBlobs: number;
  /** Models that come with files nobody declared a digest of, which were not accepted. */
  readonly unaccepted: readonly string[];
}

export interface GarbageResult {
  readonly removed: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** Blobs that stay because a running process uses them, although nothing refers to them. */
  readonly inUse: readonly string[];
}

/** The store as its operator sees it. */
export interface ManagedModelStore extends ModelStore {
  /** A variant to pull when none is named: the best one whose files all have declared digests, else the best one. */
  preferredVariant(spec: ModelSpec): ModelVariant;
  /** Makes a variant and the assets of its model be here, from a network too unless nothing may be fetched at all. */
  pull(spec: ModelSpec, variant: ModelVariant, options: PullOptions): Promise<PulledModel>;
  list(): readonly ModelListing[];
  /** Reads every file the store has, and those of `models` that are used where they lie. Damaged blobs are put aside. */
  verify(options: {
    readonly signal: AbortSignal;
    readonly specs: readonly ModelSpec[];
  }): Promise<readonly VerifiedFile[]>;
  /** Writes the ready ones of the named models, with their assets, to one tar file. Throws SG_MODEL_ABSENT when none is. */
  bundle(path: string, specs: readonly ModelSpec[], options: StoreCallOptions): Promise<BundleResult>;
  /** Takes a bundle, verifying every byte. `isAccepted` accepts the files nobody declared a digest of. Throws SG_MODEL_BUNDLE, SG_MODEL_DIGEST. */
  load(
    bundle: AsyncIterable<Uint8Array>,
    options: StoreCallOptions & { readonly isAccepted: boolean },
  ): Promise<LoadResult>;
  /** Removes what nothing refers to and nobody uses. `undeclared`: also what only models refer to that nobody declares now. */
  collectGarbage(options: { readonly undeclared: boolean }): Promise<GarbageResult>;
  /** Tells other processes that this one uses nothing any more. */
  close(): Promise<void>;
}
