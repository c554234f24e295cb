import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { publishedPackages } from "./packages.ts";

/** A change of one of these is invisible to users of a package. */
const UNSEEN = [
  /\.test\.ts$/,
  /\.test-d\.ts$/,
  /\.fixture\.ts$/,
  /\/testing-support\//,
  /\/fixtures\//,
  /\/test\//,
  /\/tsconfig[^/]*\.json$/,
];

/** What the gate looks at. */
export interface ReleaseState {
  /** Folders are relative to the root. */
  readonly packages: readonly { readonly name: string; readonly folder: string }[];
  /** Files changed since the last release, relative to the root. */
  readonly changedFiles: readonly string[] | "everything";
  /** Contents of the pending changeset files. */
  readonly changesets: readonly string[];
}

/** Names of the packages whose users must be told of a change, and are not. */
export function unannouncedPackages({ packages, changedFiles, changesets }: ReleaseState): string[] {
  const hasChanged = (folder: string) =>
    changedFiles === "everything" ||
    changedFiles.some((file) => file.startsWith(`${folder}/`) && !UNSEEN.some((pattern) => pattern.test(file)));
  const isAnnounced = (name: string) => changesets.some((text) => frontMatter(text).includes(`"${name}":`));
  return packages.filter(({ folder, name }) => hasChanged(folder) && !isAnnounced(name)).map(({ name }) => name);
}

function frontMatter(markdown: string): string {
  return markdown.split(/^---$/m)[1] ?? "";
}

/**
 * Fails when a package changed since the last release without a changeset. A repository that has
 * not released yet counts every package as changed. Resolves to the exit code.
 */
export async function checkChangeset(): Promise<number> {
  const release = lastRelease();
  const unannounced = unannouncedPackages({
    packages: publishedPackages().map(({ folder, manifest }) => ({ name: manifest.name, folder })),
    changedFiles: release === undefined ? "everything" : git("diff", "--name-only", release).split("\n"),
    changesets: readChangesets(),
  });
  const since = release ?? "the beginning (nothing was released yet)";
  if (unannounced.length === 0) {
    process.stdout.write(`Every package changed since ${since} has a changeset.\n`);
    return 0;
  }
  process.stderr.write(
    `Changed since ${since} without a changeset: ${unannounced.join(", ")}\n` +
      `  Hint: run "npm run changeset" and write what changes for the user\n`,
  );
  return 1;
}

function readChangesets(): string[] {
  const folder = join(ROOT, ".changeset");
  const files = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
  return files.map((file) => readFileSync(join(folder, file), "utf8"));
}

/** Newest tag that `changeset publish` made, undefined before the first and outside a git checkout. */
function lastRelease(): string | undefined {
  try {
    return git("tag", "--list", "@stargate/*", "--sort=-creatordate").split("\n")[0] || undefined;
  } catch {
    return undefined;
  }
}

function git(...gitArguments: string[]): string {
  return execFileSync("git", gitArguments, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}
