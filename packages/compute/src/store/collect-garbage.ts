import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { isErrorCode, namesIn } from "./files/durable-files.ts";
import { ownerState } from "./files/process-tag.ts";
import { leasedBlobs } from "./leases.ts";
import type { GarbageResult } from "./managed-model-store.ts";
import type { Ref } from "./refs.ts";
import type { StoreContext } from "./store-context.ts";

interface Removed {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Removes blobs that no declared model and no ref names, downloads nobody goes on with, and what lies in quarantine.
 * Refs of models that are not declared now are kept, unless `undeclared`: another configuration may share the folder.
 */
export async function collectGarbage(undeclared: boolean, context: StoreContext): Promise<GarbageResult> {
  const { layout } = context;
  const removed: Removed[] = [];
  const needed = await neededBlobs(undeclared, context);
  const inUse: string[] = [];
  for (const sha256 of await namesIn(layout.blobs)) {
    if (needed.has(sha256)) continue;
    // Asked for each anew: a process may have begun to use it meanwhile.
    if ((await leasedBlobs(layout, context.clock)).has(sha256)) inUse.push(sha256);
    else removed.push(...(await remove(`blob ${sha256}`, layout.blob(sha256))));
  }
  for (const name of await namesIn(layout.partials))
    if (isAbandoned(name))
      removed.push(...(await remove(`unfinished download ${keyPart(name)}`, join(layout.partials, name))));
  for (const name of await namesIn(layout.quarantine))
    removed.push(...(await remove(`quarantined ${keyPart(name)}`, join(layout.quarantine, name))));
  for (const name of await namesIn(layout.temporary))
    if (ownerState(name) === "dead") await rm(join(layout.temporary, name), { force: true });
  return { removed, inUse };
}

/** Digests that declared models have or refs name. Refs that say nothing any more are removed. */
async function neededBlobs(undeclared: boolean, { catalogue, refs }: StoreContext): Promise<ReadonlySet<string>> {
  const needed = new Set(catalogue.specs.flatMap((spec) => filesOf(spec).flatMap(({ sha256 }) => sha256 ?? [])));
  for (const { path, ref } of await refs.all()) {
    if (isCurrent(ref, undeclared, catalogue.specs)) needed.add(ref.sha256);
    else await rm(path, { force: true });
  }
  return needed;
}

function isCurrent(ref: Ref, undeclared: boolean, specs: readonly ModelSpec[]): boolean {
  const versions = specs.filter(({ id }) => id === ref.model);
  if (versions.length === 0) return !undeclared;
  const spec = versions.find(({ version }) => version === ref.version);
  const files = ref.variant === null ? spec?.assets : spec?.variants.find(({ name }) => name === ref.variant)?.files;
  const file = files?.find(({ name }) => name === ref.file);
  return file !== undefined && (file.sha256 === null || file.sha256 === ref.sha256);
}

function filesOf({ variants, assets = [] }: ModelSpec): readonly ModelFile[] {
  return [...variants.flatMap(({ files }) => files), ...assets];
}

/** "<key>,<owner>" */
function keyPart(name: string): string {
  return name.split(",")[0] ?? name;
}

function isAbandoned(name: string): boolean {
  return ownerState(name.slice(keyPart(name).length + 1)) === "dead";
}

async function remove(name: string, path: string): Promise<readonly Removed[]> {
  try {
    const stats = await stat(path);
    const inner = stats.isDirectory() ? await stat(join(path, "data")).catch(() => undefined) : stats;
    await rm(path, { recursive: true, force: true });
    return [{ name, sizeBytes: inner?.size ?? 0 }];
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return []; // another gc, or a download that went on
    throw error;
  }
}
