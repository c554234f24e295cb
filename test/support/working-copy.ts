import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/setup/paths.mjs";

/** A copy of the working tree in a temporary folder, gone when disposed. */
export interface WorkingCopy extends Disposable {
  readonly folder: string;
}

/** Copies every file that git knows or would add; node_modules is shared with the original. */
export function copyWorkingTree(): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), "stargate-copy-"));
  const flags = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const paths = execFileSync("git", flags, { cwd: ROOT, encoding: "utf8" }).split("\0");
  for (const path of paths) {
    if (path === "" || !existsSync(join(ROOT, path))) continue;
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path));
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
