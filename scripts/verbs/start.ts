import { run as runStargate } from "./stargate.ts";

/** Runs the gateway from source. `PORT`, signals and every argument reach it unchanged. */
export function run(gatewayArguments: readonly string[]): Promise<number> {
  // The line to try that `serve` prints names a file that is there.
  return runStargate(["serve", ...gatewayArguments], { STARGATE_SAMPLE: "examples/assets/scan.png" });
}
