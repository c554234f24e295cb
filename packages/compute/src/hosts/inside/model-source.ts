import { openAsBlob } from "node:fs";
import type { ModelSource } from "@stargate/kernel";
import { fail } from "../host-errors.ts";
import type { HostedSource } from "../model-host.ts";

/** A source as a backend takes it: files are opened where they lie, and read by the backend. Throws SG_COMPUTE_MODEL. */
export async function openModelSource({ model, format, paths, settings }: HostedSource): Promise<ModelSource> {
  const files: [string, Blob][] = [];
  for (const [name, path] of Object.entries(paths)) {
    try {
      files.push([name, await openAsBlob(path)]);
    } catch (cause) {
      throw fail("SG_COMPUTE_MODEL", `File "${name}" of model "${model}" cannot be opened`, { cause });
    }
  }
  return { id: model, format, files: Object.fromEntries(files), settings };
}
