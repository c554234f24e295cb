import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { createLayout } from "./layout.ts";

/**
 * Places on this machine where a file may lie and be used as it is, likeliest first: its `file:` URLs, then in each
 * folder <model>/<variant>/<name>, <model>/<name>, <name>, and its digest when the folder is another store's.
 */
export function localPlaces(
  folders: readonly string[],
  spec: ModelSpec,
  variant: string | null,
  file: ModelFile,
): readonly string[] {
  const named = file.urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  const found = folders.flatMap((folder) => [
    ...(variant === null ? [] : [join(folder, spec.id, variant, file.name)]),
    join(folder, spec.id, file.name),
    join(folder, file.name),
    ...(file.sha256 === null ? [] : [createLayout(folder).blob(file.sha256)]),
  ]);
  return [...named, ...found].filter((path) => existsSync(path));
}
