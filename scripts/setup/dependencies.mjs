import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { runNpm } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

const LOCKFILE = join(ROOT, "package-lock.json");
/** Hash of the lockfile that node_modules was last seen to match. */
const STAMP = join(ROOT, "node_modules", ".stargate-lockfile-sha256");
/** npm's own record of what it put into node_modules. */
const INSTALLED = join(ROOT, "node_modules", ".package-lock.json");

/** Installs the npm dependencies when node_modules is missing or differs from the lockfile. */
export async function ensureDependencies() {
  const lockfile = readFileSync(LOCKFILE, "utf8");
  const hash = createHash("sha256").update(lockfile).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  const upToDate =
    existsSync(INSTALLED) && isInstalled(JSON.parse(lockfile), JSON.parse(readFileSync(INSTALLED, "utf8")));
  if (!upToDate) await installDependencies();
  writeFileSync(STAMP, hash);
}

/**
 * True when everything the lockfile asks for is installed in that version, as after a developer's
 * own `npm install`. Optional packages may be absent: they are binaries for other platforms.
 *
 * @param {{ packages: Record<string, LockedPackage> }} wanted
 * @param {{ packages: Record<string, LockedPackage> }} present
 * @typedef {{ version?: string, resolved?: string, integrity?: string, link?: boolean, optional?: boolean, peer?: boolean }} LockedPackage
 */
export function isInstalled(wanted, present) {
  return Object.entries(wanted.packages)
    .filter(([path]) => path.startsWith("node_modules/") || path.includes("/node_modules/"))
    .every(([path, locked]) => {
      const found = present.packages[path];
      if (found === undefined) return locked.optional === true;
      return found.version === locked.version && found.integrity === locked.integrity;
    });
}

async function installDependencies() {
  process.stderr.write("stargate: installing dependencies (npm ci)\n");
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--engine-strict=false"];
  // npm before 11 does not know `allowScripts` in package.json: onnxruntime-node would look for CUDA libraries outside
  // the registry, and fail without them.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const exitCode = await runNpm(["ci", ...flags], { cwd: ROOT, env });
  if (exitCode !== 0) {
    throw new SetupError(
      `Cannot install the dependencies: npm ci ended with exit code ${exitCode}`,
      "Check that npm reaches its registry (npm ping) and that the disk has 1 GB free, then run the command again",
    );
  }
}
