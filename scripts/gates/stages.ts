import { checkChangeset } from "./changeset.ts";
import { checkPackages } from "./packages.ts";
import { buildPackages, checkFormat, checkTypesOfTests, checkWorkspaces, findUnused, lint } from "./tools.ts";

/**
 * One step of `npm test`: a gate is one check with an exit code, a test stage is one project of
 * vitest.config.ts.
 */
export type Stage =
  | { readonly name: string; readonly check: () => Promise<number> }
  | { readonly name: string; readonly project: string | undefined };

/** Both halves are checked even when the first fails, so that one run shows every type error. */
async function checkTypes(): Promise<number> {
  const packagesExitCode = await buildPackages();
  return (await checkTypesOfTests()) || packagesExitCode;
}

/** What `npm test` does, in this order: cheap and likely to fail first. */
export const STAGES: readonly Stage[] = [
  { name: "format", check: checkFormat },
  { name: "lint", check: lint },
  { name: "types", check: checkTypes },
  { name: "unused", check: findUnused },
  { name: "workspaces", check: checkWorkspaces },
  { name: "changeset", check: checkChangeset },
  { name: "packages", check: checkPackages },
  { name: "unit", project: "unit" },
  { name: "architecture", project: "architecture" },
  { name: "integration", project: "integration" },
  { name: "examples", project: "examples" },
  { name: "e2e", project: "e2e" },
];
