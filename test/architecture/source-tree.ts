import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSource, type SourceFile } from "./source-file.ts";

/** Parses every script that git knows or would add, so that ignored build outputs stay out. */
export function readSourceTree(root: string): SourceFile[] {
  const flags = [
    "ls-files",
    "--cached",
    "--others",
    "--exclude-standard",
    "-z",
    "--",
    "*.ts",
    "*.mts",
    "*.js",
    "*.mjs",
  ];
  const paths = execFileSync("git", flags, { cwd: root, encoding: "utf8" }).split("\0");
  return [...new Set(paths)]
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}
