import { checkChangeset } from "./changeset.mjs";
import { checkPackages } from "./packages.mjs";
import { buildPackages, checkFormat, checkTypesOfTests, checkWorkspaces, findUnused, lint } from "./tools.mjs";

/**
 * What `npm test` does, in this order: cheap and likely to fail first.
 * A gate is one check with an exit code; a test stage is one project of vitest.config.ts.
 *
 * @typedef {{ name: string, check: () => Promise<number> }} Gate
 * @typedef {{ name: string, project: string }} TestStage
 * @type {readonly (Gate | TestStage)[]}
 */
export const STAGES = [
  { name: "format", check: checkFormat },
  { name: "lint", check: lint },
  { name: "types", check: async () => (await buildPackages()) || (await checkTypesOfTests()) },
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
