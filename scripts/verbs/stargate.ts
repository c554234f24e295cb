import { join } from "node:path";
import { installed, ROOT, SOURCE_CONDITION } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

const COMMAND_LINE = join(ROOT, "packages", "server", "src", "cli", "main.ts");

/**
 * Runs the command line `stargate` from source: `npm run stargate -- run letter.pdf --to text`. Files are named as
 * seen from where npm was called. Signals and every argument reach it unchanged.
 */
export function run(commandArguments: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return runCommand(process.execPath, [`--conditions=${SOURCE_CONDITION}`, COMMAND_LINE, ...commandArguments], {
    cwd: process.env["INIT_CWD"],
    env: { NODE_COMPILE_CACHE: installed(".cache/node-compile"), ...process.env, ...environment },
  });
}
