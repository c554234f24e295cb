import { fail, type ModelSpec } from "@stargate/kernel";
import type { ModelStore, VariantState } from "../src/store/model-store.ts";

/** A store whose variants are in the state a test says, "ready" otherwise. */
export function memoryStore(
  specs: readonly ModelSpec[],
  states: Readonly<Record<string, VariantState>> = {},
): ModelStore {
  const known = [...specs];
  return {
    declare: (more) => void known.push(...more),
    specs: known,
    spec(model) {
      const found = known.find(({ id }) => id === model);
      if (found === undefined) throw fail("SG_COMPUTE_UNKNOWN_MODEL", `There is no model "${model}"`);
      return found;
    },
    state: (_spec, { name }) => states[name] ?? "ready",
    locate: async (spec, variant) => ({ spec, variant, paths: {}, digest: `sha256:${variant.name}` }),
    locateAssets: async () => ({}),
  };
}
