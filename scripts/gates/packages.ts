import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { installed, ROOT } from "../setup/paths.mjs";
import { readJson } from "./read-json.ts";
import { buildPackages, runScript } from "./tools.ts";

const PUBLINT = installed("publint/src/cli.js");
const ARE_THE_TYPES_WRONG = installed("@arethetypeswrong/cli/dist/index.js");

/** One package.json, as far as the gates read it. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>> | string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string };
  readonly repository?: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A workspace that is published. */
export interface PublishedPackage {
  /** Folder relative to the root, with forward slashes. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** The workspaces that are published, ordered by folder. */
export function publishedPackages(root: string = ROOT): PublishedPackage[] {
  const { workspaces = [] } = readJson<PackageManifest>(join(root, "package.json"));
  return globSync(
    workspaces.map((workspace) => `${workspace}/package.json`),
    { cwd: root },
  )
    .map((file) => ({
      folder: relative(root, join(root, dirname(file))).replaceAll("\\", "/"),
      manifest: readJson<PackageManifest>(join(root, file)),
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .toSorted((left, right) => left.folder.localeCompare(right.folder));
}

/** Packs every package as npm publishes it and lets publint and attw judge the tarballs. */
export async function checkPackages(): Promise<number> {
  const buildExitCode = await buildPackages();
  if (buildExitCode !== 0) return buildExitCode;
  const destination = mkdtempSync(join(tmpdir(), "stargate-packages-"));
  try {
    for (const { folder } of publishedPackages()) {
      const exitCode = await checkTarball(packPackage(join(ROOT, folder), destination));
      if (exitCode !== 0) return exitCode;
    }
    return 0;
  } finally {
    rmSync(destination, { recursive: true, force: true });
  }
}

/**
 * publint and attw on one tarball; resolves to the exit code of the first that objects.
 * @public called by name in a child process of test/packaging
 */
export async function checkTarball(tarball: string): Promise<number> {
  const publintExitCode = await runScript(PUBLINT, ["run", tarball, "--strict"]);
  return publintExitCode || runScript(ARE_THE_TYPES_WRONG, [tarball, "--profile", "esm-only", "--format", "ascii"]);
}

/** Packs one package folder into `destination`; returns the path of the tarball. */
export function packPackage(packageFolder: string, destination: string): string {
  const flags = ["--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", destination];
  const output = execFileSync("npm", ["pack", ...flags], {
    cwd: packageFolder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  // npm's documented output of `pack --json`: one entry per packed package.
  const [packed] = JSON.parse(output) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm pack reported no tarball for ${packageFolder}`);
  return join(destination, packed.filename);
}
