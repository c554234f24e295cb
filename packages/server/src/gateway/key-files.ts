import { resolve } from "node:path";
import type { KeyFiles } from "../auth/key-store.ts";
import type { Config } from "../config/config-schema.ts";

/** Where a configuration keeps its keys. */
export function keyFilesOf(
  config: Pick<Config, "auth">,
  directory: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): KeyFiles {
  return {
    keysFile: resolve(directory, config.auth.keysFile),
    pepperFile: resolve(directory, config.auth.pepperFile),
    pepper: environment["STARGATE_PEPPER"],
  };
}
