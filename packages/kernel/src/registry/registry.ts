import type { Adapter } from "../contract/adapter.ts";
import type { ComputeBackend } from "../contract/compute-backend.ts";
import type { ModelSpec } from "../contract/model.ts";
import type { AnyModality, Codec } from "../contract/modality.ts";
import type { AnyTransform } from "../contract/transform.ts";

/** Everything the open adapters and the shared vocabulary define, by name. Immutable once made. */
export interface Registry {
  readonly adapters: readonly Adapter[];
  readonly modalities: readonly AnyModality[];
  /** Newest version of every transform. */
  readonly transforms: readonly AnyTransform[];
  readonly models: readonly ModelSpec[];
  readonly backends: readonly ComputeBackend[];
  /** Looks up "text", "window(text)", "joined(a,b)". Throws SG_REGISTRY_UNKNOWN with the nearest name. */
  modality(id: string): AnyModality;
  /** Looks up "<id>" (newest) or "<id>@<version>". Throws SG_REGISTRY_UNKNOWN. */
  transform(use: string): AnyTransform;
  /** All versions of a transform id, newest first. */
  versions(id: string): readonly AnyTransform[];
  /** Codecs of a modality by media type, own ones first, then those adapters contribute. */
  codecs(modality: AnyModality): ReadonlyMap<string, Codec<unknown>>;
}
