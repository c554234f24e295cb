import { randomBytes } from "node:crypto";
import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { failConnector } from "../errors/connector-errors.ts";
import { isErrorCode } from "./durable-files.ts";

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process alone: two services on one folder would do everything twice. The lock of a
 * process that has died (kill -9, power loss) is taken over. Throws SG_CONNECTOR_LOCKED.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, "lock");
  const own = join(folder, `lock.${randomBytes(6).toString("hex")}`);
  const owner = `${hostname()} ${process.pid} ${await startTimeOf(process.pid)}\n`;
  await writeFile(own, owner, { flag: "wx" });
  try {
    while (!(await linkIfFree(own, path))) {
      const holder = await readFile(path, "utf8").catch(() => ""); // released meanwhile: the next link succeeds
      if (holder !== "" && (await isHeld(holder))) {
        throw failConnector(
          "SG_CONNECTOR_LOCKED",
          `Folder ${folder} is in use by process ${holder.trim().split(" ")[1] ?? "?"} on ${holder.split(" ")[0] ?? "?"}`,
          { hint: `Stop that process. If there is none, delete ${path}.` },
        );
      }
      await unlinkIfThere(path);
    }
  } finally {
    await unlinkIfThere(own);
  }
  return { release: () => unlinkIfThere(path) };
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isErrorCode(error, "EEXIST")) return false;
    // No hard links here: an exclusive write is nearly as good, a reader may just see it empty.
    if (!isErrorCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    return writeFile(to, await readFile(from), { flag: "wx" }).then(
      () => true,
      (failure: unknown) => {
        if (isErrorCode(failure, "EEXIST")) return false;
        throw failure;
      },
    );
  }
}

async function isHeld(holder: string): Promise<boolean> {
  const [host, pidText, startTime] = holder.trim().split(" ");
  if (host !== hostname()) return true; // another machine's process cannot be asked
  const pid = Number(pidText);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isErrorCode(error, "EPERM")) return false;
  }
  // Process ids are used again, in containers at every start; together with the start time they are not.
  return (await startTimeOf(pid)) === startTime;
}

// Field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); "?" where there is no /proc.
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "?";
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isErrorCode(error, "ENOENT")) throw error;
  });
}
