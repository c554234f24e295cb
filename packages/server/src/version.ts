import { readFileSync } from "node:fs";

let version: string | undefined;

/** Version of @stargate/server, from its package.json. */
export function serverVersion(): string {
  // The file lies one folder above both src/ and dist/.
  version ??= (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
    .version; // our own file
  return version;
}
