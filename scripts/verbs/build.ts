import { buildPackages } from "../gates/tools.ts";

/** Builds every package into its dist folder. */
export function run(): Promise<number> {
  return buildPackages();
}
