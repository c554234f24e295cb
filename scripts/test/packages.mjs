import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT, installed } from "../setup/paths.mjs";
import { buildPackages, runScript } from "./tools.mjs";

const PUBLINT = installed("publint/src/cli.js");
const ARE_THE_TYPES_WRONG = installed("@arethetypeswrong/cli/dist/index.js");

/** Folders of the workspaces that are published. */
export function publishedPackages(root = ROOT) {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const manifests = globSync(
    workspaces.map((workspace) => `${workspace}/package.json`),
    { cwd: root },
  );
  return manifests
    .filter((manifest) => JSON.parse(readFileSync(join(root, manifest), "utf8")).private !== true)
    .map((manifest) => join(root, dirname(manifest)))
    .sort();
}

/** Packs every package as npm publishes it and lets publint and attw judge the tarballs. */
export async function checkPackages() {
  const buildExitCode = await buildPackages();
  if (buildExitCode !== 0) return buildExitCode;
  const folder = mkdtempSync(join(tmpdir(), "stargate-packages-"));
  try {
    for (const packageFolder of publishedPackages()) {
      const tarball = pack(packageFolder, folder);
      const exitCode =
        (await runScript(PUBLINT, ["run", tarball, "--strict"])) ||
        (await runScript(ARE_THE_TYPES_WRONG, [tarball, "--profile", "esm-only", "--format", "ascii"]));
      if (exitCode !== 0) return exitCode;
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} packageFolder
 * @param {string} destination folder for the tarball
 * @returns {string} path of the tarball
 */
export function pack(packageFolder, destination) {
  const flags = ["--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", destination];
  const output = execFileSync("npm", ["pack", ...flags], {
    cwd: packageFolder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [{ filename }] = JSON.parse(output);
  return join(destination, filename);
}
