import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root folder of the repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Export condition under which the workspace packages resolve to their TypeScript sources. */
export const SOURCE_CONDITION = "@stargate/source";

/** @param {string} packageRelativePath e.g. `vitest/vitest.mjs` */
export function installed(packageRelativePath) {
  return join(ROOT, "node_modules", packageRelativePath);
}
