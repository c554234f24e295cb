import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/** Export condition under which the workspace packages resolve to their TypeScript sources. */
const SOURCE_CONDITION = "@stargate/source";

/** Scopes told apart by file name suffix, wherever the file lies. */
const SUFFIXES = ["integration", "e2e"];

/** Scopes told apart by folder. Every test file belongs to exactly one project (test/architecture checks it). */
const UNIT = ["packages", "scripts", "bench"];
const ARCHITECTURE = ["test"];
const EXAMPLES = ["examples"];

const exclude = [...configDefaults.exclude, "**/dist/**", "**/.runtime/**", "templates/**"];
const suffixed = SUFFIXES.map((suffix) => `**/*.${suffix}.test.ts`);

const under = (folders: string[], name: string, testTimeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: folders.map((folder) => `${folder}/**/*.test.ts`),
    exclude: [...exclude, ...suffixed],
    testTimeout,
    hookTimeout: testTimeout,
  },
});
const withSuffix = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`**/*.${name}.test.ts`],
    exclude,
    testTimeout,
    hookTimeout: testTimeout,
  },
});

// Setting conditions replaces Vite's own list, so that is repeated behind ours.
const conditions = [SOURCE_CONDITION, "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [SOURCE_CONDITION, "node", "module-sync"] } },
  test: {
    pool: "forks",
    // Tests that start processes of their own (Node, tesseract) share the machine with the test workers.
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    // Child processes a test forks, and workers, resolve the workspace packages in the same way.
    execArgv: [`--conditions=${SOURCE_CONDITION}`],
    allowOnly: false,
    passWithNoTests: false,
    // A missing snapshot fails instead of being written: `-u` accepts a change.
    update: "none",
    reporters: ["default", "./test/support/summary-reporter.ts"],
    projects: [
      under(UNIT, "unit", 20_000),
      under(ARCHITECTURE, "architecture", 120_000),
      under(EXAMPLES, "examples", 120_000),
      withSuffix("integration", 120_000),
      withSuffix("e2e", 180_000),
    ],
  },
});
