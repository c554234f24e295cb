import { didYouMean, type ModelSpec } from "@stargate/kernel";
import { fail } from "../model-errors.ts";
import { checkSpec } from "./check-spec.ts";

/** Every declared model, by name. */
export interface SpecCatalogue {
  /** Later ones of the same id and version win. Throws SG_MODEL_DECLARATION. */
  declare(specs: readonly ModelSpec[]): void;
  /** Every declared model in every version, in order of id and version. */
  readonly specs: readonly ModelSpec[];
  /** Newest version of a model. Throws SG_COMPUTE_UNKNOWN_MODEL with the nearest name. */
  spec(model: string): ModelSpec;
}

/** `own` are the operator's: a model of theirs stands for every other of the same id, whatever its version. */
export function createSpecCatalogue(own: readonly ModelSpec[]): SpecCatalogue {
  const byId = new Map<string, Map<string, ModelSpec>>();
  const ownIds = new Set(own.map(({ id }) => id));

  function add(spec: ModelSpec): void {
    checkSpec(spec);
    const versions = byId.get(spec.id) ?? new Map<string, ModelSpec>();
    byId.set(spec.id, versions.set(spec.version, spec));
  }

  for (const spec of own) add(spec);
  return {
    declare(specs) {
      for (const spec of specs) if (!ownIds.has(spec.id)) add(spec);
    },
    get specs() {
      const ids = [...byId.keys()].toSorted();
      return ids.flatMap((id) => [...(byId.get(id)?.values() ?? [])].toSorted(oldestFirst));
    },
    spec(model) {
      const newest = [...(byId.get(model)?.values() ?? [])].toSorted(oldestFirst).at(-1);
      if (newest === undefined)
        throw fail("SG_COMPUTE_UNKNOWN_MODEL", `There is no model "${model}"${didYouMean(model, byId.keys())}`);
      return newest;
    },
  };
}

function oldestFirst(a: ModelSpec, b: ModelSpec): number {
  return a.version.localeCompare(b.version, "en", { numeric: true });
}
