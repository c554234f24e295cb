import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/** Export condition under which the workspace packages resolve to their TypeScript sources. */
const SOURCE_CONDITION = "@stargate/source";

/** The three scopes of the project, told apart by file name suffix. */
const INTEGRATION = "**/*.integration.test.ts";
const END_TO_END = "**/*.e2e.test.ts";

/** Everything that is a test; `templates/` is tested after it was copied out, by its own stage. */
const ROOTS = ["packages", "test", "examples", "bench", "scripts"];
const everyTest = ROOTS.map((root) => `${root}/**/*.test.ts`);
const withSuffix = (suffix: string): string[] => ROOTS.map((root) => `${root}/**/*.${suffix}.test.ts`);

// Setting conditions replaces Vite's own list, so that is repeated behind ours.
const conditions = [SOURCE_CONDITION, "module", "node", "development|production"];

const exclude = [...configDefaults.exclude, "**/dist/**", "**/.runtime/**", "templates/**"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    pool: "forks",
    // Tests that start processes of their own (Node, tesseract) share the machine with the test workers.
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    // Child processes a test forks, and workers, resolve the workspace packages in the same way.
    execArgv: [`--conditions=${SOURCE_CONDITION}`],
    allowOnly: false,
    passWithNoTests: false,
    reporters: ["default", "./test/support/summary-reporter.ts"],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: everyTest, exclude: [...exclude, INTEGRATION, END_TO_END], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: withSuffix("integration"),
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "e2e", include: withSuffix("e2e"), exclude, testTimeout: 180_000, hookTimeout: 180_000 },
      },
    ],
  },
});
