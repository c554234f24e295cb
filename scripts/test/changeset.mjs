import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { publishedPackages } from "./packages.mjs";

/** A change of one of these is invisible to users of a package. */
const UNSEEN = [/\.test\.ts$/, /\.test-d\.ts$/, /\/fixtures\//, /\/test\//, /\/tsconfig[^/]*\.json$/];

/**
 * Names of the packages whose users must be told, and are not.
 *
 * @param {object} state
 * @param {readonly { name: string, folder: string }[]} state.packages folder relative to the root
 * @param {readonly string[] | "everything"} state.changedFiles relative to the root
 * @param {readonly string[]} state.changesets contents of the pending changeset files
 */
export function unannouncedPackages({ packages, changedFiles, changesets }) {
  const hasChanged = ({ folder }) =>
    changedFiles === "everything" ||
    changedFiles.some((file) => file.startsWith(`${folder}/`) && !UNSEEN.some((pattern) => pattern.test(file)));
  const isAnnounced = ({ name }) => changesets.some((text) => frontMatter(text).includes(`"${name}":`));
  return packages.filter((one) => hasChanged(one) && !isAnnounced(one)).map(({ name }) => name);
}

function frontMatter(text) {
  return text.split(/^---$/m)[1] ?? "";
}

/**
 * Fails when a package changed since the last release without a changeset. A repository that has
 * not released yet counts every package as changed.
 *
 * @returns {Promise<number>} exit code
 */
export async function checkChangeset() {
  const release = lastRelease();
  const unannounced = unannouncedPackages({
    packages: publishedPackages().map((folder) => ({
      name: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name,
      folder: relative(ROOT, folder),
    })),
    changedFiles: release === undefined ? "everything" : git("diff", "--name-only", release).split("\n"),
    changesets: readChangesets(),
  });
  const since = release ?? "the beginning (nothing was released yet)";
  if (unannounced.length === 0) {
    process.stdout.write(`every package changed since ${since} has a changeset\n`);
    return 0;
  }
  process.stderr.write(
    `Changed since ${since} without a changeset: ${unannounced.join(", ")}\n` +
      `  Hint: run "npm run changeset" and write what changes for the user\n`,
  );
  return 1;
}

function readChangesets() {
  const folder = join(ROOT, ".changeset");
  const files = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
  return files.map((file) => readFileSync(join(folder, file), "utf8"));
}

/** Newest tag that `changeset publish` made, undefined before the first and outside a git checkout. */
function lastRelease() {
  try {
    const [newest] = git("tag", "--list", "@stargate/*", "--sort=-creatordate").split("\n");
    return newest === "" ? undefined : newest;
  } catch {
    return undefined;
  }
}

function git(...gitArguments) {
  return execFileSync("git", gitArguments, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}
