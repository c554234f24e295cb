import { join } from "node:path";
import { ROOT, SOURCE_CONDITION, installed } from "../setup/paths.mjs";
import { runCommand } from "../setup/run-command.mjs";

const GATEWAY = join(ROOT, "packages", "server", "src", "cli", "main.ts");

/**
 * Runs the gateway from source. `PORT` and every argument reach it unchanged.
 *
 * @param {readonly string[]} gatewayArguments
 */
export function run(gatewayArguments) {
  return runCommand(process.execPath, [`--conditions=${SOURCE_CONDITION}`, GATEWAY, "serve", ...gatewayArguments], {
    env: { NODE_COMPILE_CACHE: installed(".cache/node-compile"), ...process.env },
  });
}
