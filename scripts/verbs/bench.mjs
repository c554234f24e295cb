import { join } from "node:path";
import { ROOT, SOURCE_CONDITION } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

/**
 * Runs the benches: `npm run bench -- <suite> [--json]`.
 *
 * @param {readonly string[]} benchArguments
 */
export function run(benchArguments) {
  const benches = join(ROOT, "bench", "main.ts");
  return runCommand(process.execPath, [`--conditions=${SOURCE_CONDITION}`, "--expose-gc", benches, ...benchArguments]);
}
