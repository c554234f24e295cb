import { ADAPTER_SPEC } from "../contract/adapter.ts";
import { fail } from "../errors/catalog.ts";

/**
 * Lets through adapters written for a contract version this kernel loads. Throws SG_ADAPTER_SPEC.
 * There is no version before 1; the shim that lifts adapters of version N-1 to N belongs here and nowhere else.
 */
export function loadAdapterSpec(adapter: { readonly id?: unknown; readonly spec?: unknown }): void {
  if (adapter.spec === ADAPTER_SPEC) return;
  const name = typeof adapter.id === "string" ? `"${adapter.id}"` : "without an id";
  const stated = adapter.spec === undefined ? "no spec" : `spec ${JSON.stringify(adapter.spec) ?? typeof adapter.spec}`;
  throw fail("SG_ADAPTER_SPEC", `Adapter ${name} states ${stated}; this kernel loads spec ${ADAPTER_SPEC}`);
}
