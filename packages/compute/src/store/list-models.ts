import type { ModelFile, ModelSpec, ModelVariant } from "@stargate/kernel";
import type { ModelListing } from "./managed-model-store.ts";
import type { VariantState } from "./model-store.ts";
import type { StoreContext } from "./store-context.ts";
import { fileState, worstState } from "./variant-state.ts";

/** Every variant of every declared model, as it stands now. Reads no model file. */
export function listModels(context: StoreContext): readonly ModelListing[] {
  return context.catalogue.specs.flatMap((spec) => spec.variants.map((variant) => listing(spec, variant, context)));
}

function listing(spec: ModelSpec, variant: ModelVariant, context: StoreContext): ModelListing {
  const assets = spec.assets ?? [];
  const files = [...variant.files, ...assets];
  const states: readonly VariantState[] = [
    ...variant.files.map((file) => fileState({ spec, variant: variant.name, file }, context)),
    ...assets.map((file) => fileState({ spec, variant: null, file }, context)),
  ];
  return {
    model: spec.id,
    version: spec.version,
    summary: spec.summary,
    licence: spec.licence,
    format: spec.format,
    variant: variant.name,
    quality: variant.quality,
    state: worstState(states),
    sizeBytes: sumOf(files),
    isPinned: files.every(({ sha256 }) => sha256 !== null),
  };
}

function sumOf(files: readonly ModelFile[]): number | null {
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  return sizes.some((size) => size === null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
