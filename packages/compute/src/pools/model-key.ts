import type { HostedSource } from "../hosts/model-host.ts";
import type { LocatedVariant } from "../store/model-store.ts";
import type { ModelRef } from "./pool.ts";

/** Identity of a variant, whatever its bytes are. */
export function variantKey({ spec, variant }: ModelRef): string {
  return `${spec.id}@${spec.version}/${variant.name}`;
}

/** Identity of what a host loads: the same bytes of the same variant. */
export function modelKey(located: LocatedVariant): string {
  return `${variantKey(located)}#${located.digest ?? ""}`;
}

/** A variant as a host loads it. */
export function hostedSource({ spec, variant, paths }: LocatedVariant): HostedSource {
  return {
    model: spec.id,
    variant: variant.name,
    format: spec.format,
    paths,
    settings: { ...spec.settings, ...variant.settings },
  };
}
