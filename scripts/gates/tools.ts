import { installed, ROOT } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

// Every tool is started by its script and the Node that runs this, not through node_modules/.bin:
// those files are shell scripts on Windows and pick whatever Node is on the PATH.
const FORMATTER = installed("oxfmt/bin/oxfmt");
const LINTER = installed("oxlint/bin/oxlint");
const COMPILER = installed("typescript/bin/tsc");
const UNUSED = installed("knip/bin/knip.js");
const WORKSPACES = installed("sherif/index.js");
const TESTS = installed("vitest/vitest.mjs");

/** Runs a tool on the repository; resolves to its exit code. */
export function runScript(
  script: string,
  scriptArguments: readonly string[],
  addedEnvironment: NodeJS.ProcessEnv = {},
): Promise<number> {
  return runCommand(process.execPath, [script, ...scriptArguments], {
    cwd: ROOT,
    env: { ...process.env, ...addedEnvironment },
  });
}

export const checkFormat = () => runScript(FORMATTER, ["--check", "."]);
export const fixFormat = () => runScript(FORMATTER, ["."]);
export const lint = () => runScript(LINTER, []);
export const fixLint = () => runScript(LINTER, ["--fix"]);
export const buildPackages = () => runScript(COMPILER, ["-b", "tsconfig.build.json"]);
/** Tests, type tests, examples, benches and scripts: what no package ships. */
export const checkTypesOfTests = () => runScript(COMPILER, ["-p", "tsconfig.json"]);
export const findUnused = () => runScript(UNUSED, ["--no-progress"]);
export const checkWorkspaces = () => runScript(WORKSPACES, []);

/** Runs vitest; the summary reporter leaves its counts in `totalsFile`. */
export const runTests = (vitestArguments: readonly string[], totalsFile: string) =>
  runScript(TESTS, ["run", ...vitestArguments], { STARGATE_TEST_TOTALS: totalsFile });
