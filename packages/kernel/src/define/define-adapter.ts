import { ADAPTER_SPEC, type Adapter } from "../contract/adapter.ts";
import { fail } from "../errors/catalog.ts";

/** What `defineAdapter` takes: an adapter whose empty lists are left out. `spec` stays a literal in the adapter's source. */
export type AdapterInit = Pick<Adapter, "spec" | "id" | "version" | "summary"> &
  Partial<Omit<Adapter, "kind" | "spec" | "id" | "version" | "summary">>;

/**
 * Declares an adapter. Pure: checks, fills, freezes. Throws SG_DEFINE_INVALID and SG_ADAPTER_SPEC.
 * @example
 * export default () => defineAdapter({ spec: 1, id: "demo", version: "1.0.0", summary: "Upper case", transforms: [shout] });
 */
export function defineAdapter(init: AdapterInit): Adapter {
  if (init.spec !== ADAPTER_SPEC)
    throw fail(
      "SG_ADAPTER_SPEC",
      `Adapter "${init.id}" states spec ${String(init.spec)}; this kernel loads ${ADAPTER_SPEC}`,
    );
  if (!/^[a-z][a-z0-9-]*$/.test(init.id)) throw fail("SG_DEFINE_INVALID", `Adapter id "${init.id}" is not kebab-case`);
  const seen = new Set<string>();
  for (const transform of init.transforms ?? []) {
    const key = `${transform.id}@${transform.version}`;
    if (seen.has(key)) throw fail("SG_ADAPTER_CONFLICT", `Adapter "${init.id}" defines ${key} twice`);
    if (!transform.id.startsWith(`${init.id}.`))
      throw fail(
        "SG_DEFINE_INVALID",
        `Transform "${transform.id}" of adapter "${init.id}" must be named "${init.id}.<verb>"`,
      );
    seen.add(key);
  }
  return Object.freeze({
    modalities: [],
    transforms: [],
    codecs: [],
    models: [],
    backends: [],
    sources: [],
    sinks: [],
    ...init,
    kind: "adapter",
  });
}
