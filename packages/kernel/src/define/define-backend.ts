import type { ComputeBackend } from "../contract/compute-backend.ts";
import { fail } from "../errors/catalog.ts";

/** Declares a compute backend. Pure: checks and freezes. Throws SG_DEFINE_INVALID. */
export function defineBackend(init: Omit<ComputeBackend, "kind">): ComputeBackend {
  if (!/^[a-z][a-z0-9-]*$/.test(init.id)) throw fail("SG_DEFINE_INVALID", `Backend id "${init.id}" is not kebab-case`);
  if (init.formats.length === 0) throw fail("SG_DEFINE_INVALID", `Backend "${init.id}" loads no format`);
  return Object.freeze({ ...init, kind: "backend" });
}
