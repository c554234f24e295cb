import type { ManagedModelStore } from "@stargate/compute";
import type { ModelSpec, ModelVariant } from "@stargate/kernel";
import { didYouMean } from "@stargate/kernel";
import { fail } from "../../errors/server-errors.ts";

/** The variant of a model that `--variant` names; the store's preferred one without. Throws SG_CLI_USAGE. */
export function chosenVariant(store: ManagedModelStore, spec: ModelSpec, name: string | undefined): ModelVariant {
  if (name === undefined) return store.preferredVariant(spec);
  const variant = spec.variants.find((candidate) => candidate.name === name);
  if (variant !== undefined) return variant;
  const names = spec.variants.map((candidate) => candidate.name);
  throw fail(
    "SG_CLI_USAGE",
    `${spec.id} has no variant "${name}"${didYouMean(name, names)}; it has ${names.join(", ")}`,
  );
}
