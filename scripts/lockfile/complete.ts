// `npm run lockfile`: adds to package-lock.json what npm left out. Run it after every npm install
// that added or raised a package.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../gates/read-json.ts";
import { ROOT } from "../setup/paths.mjs";
import { type Lockfile, missingOptionalPackages } from "./missing-optional-packages.ts";

const path = join(ROOT, "package-lock.json");
const lockfile = readJson<Lockfile>(path);
const missing = missingOptionalPackages(lockfile);
const entries = [...Object.entries(lockfile.packages), ...missing.map(({ path: at, entry }) => [at, entry] as const)];
entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
writeFileSync(path, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(entries) }, undefined, 2)}\n`);
process.stdout.write(`${missing.length} optional packages added to package-lock.json\n`);
