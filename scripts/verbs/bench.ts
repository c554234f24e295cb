import { join } from "node:path";
import { ROOT, SOURCE_CONDITION } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

/** Runs the benches: `npm run bench -- <suite> [--json]`. */
export function run(benchArguments: readonly string[]): Promise<number> {
  const benches = join(ROOT, "bench", "main.ts");
  return runCommand(process.execPath, [`--conditions=${SOURCE_CONDITION}`, "--expose-gc", benches, ...benchArguments]);
}
