import { join } from "node:path";
import { installed, ROOT, SOURCE_CONDITION } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

const GATEWAY = join(ROOT, "packages", "server", "src", "cli", "main.ts");

/** Runs the gateway from source. `PORT`, signals and every argument reach it unchanged. */
export function run(gatewayArguments: readonly string[]): Promise<number> {
  return runCommand(process.execPath, [`--conditions=${SOURCE_CONDITION}`, GATEWAY, "serve", ...gatewayArguments], {
    env: { NODE_COMPILE_CACHE: installed(".cache/node-compile"), ...process.env },
  });
}
