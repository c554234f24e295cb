import { buildPackages } from "../test/tools.mjs";

/** Builds every package into its dist folder. */
export function run() {
  return buildPackages();
}
