import { randomBytes } from "node:crypto";
import { readFile, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { failConnector } from "../errors/connector-errors.ts";
import { isErrorCode, namesIn } from "./durable-files.ts";

export interface FolderLock {
  release(): Promise<void>;
}

/** "lock,<host>,<pid>,<start time>,<random>": all there is to know stands in the name, so a lock appears as a whole. */
const lockName = /^lock,([^,]+),(\d+),([^,]+),[0-9a-f]+$/;

/**
 * Takes a folder for this process alone: two services on one folder would do everything twice. Locks of processes
 * that have died (kill -9, power loss) do not count and are removed. Throws SG_CONNECTOR_LOCKED; of several that ask
 * at the very same moment, none may get it.
 *
 * Everyone first puts down a file of their own and then looks for others: of two, the one who looks later sees the
 * other. No file is ever used twice, so taking away that of a dead process cannot hit a living one.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const host = encodeURIComponent(hostname());
  const own = `lock,${host},${process.pid},${await startTimeOf(process.pid)},${randomBytes(8).toString("hex")}`;
  await writeFile(join(folder, own), "", { flag: "wx" });
  try {
    for (const name of await namesIn(folder)) {
      const [, holderHost = "", pid = "", startTime = ""] = lockName.exec(name) ?? [];
      if (name === own || pid === "") continue;
      if (holderHost === host && !(await isRunning(Number(pid), startTime))) {
        await unlinkIfThere(join(folder, name));
        continue;
      }
      // Another machine's process cannot be asked whether it lives.
      throw failConnector(
        "SG_CONNECTOR_LOCKED",
        `Folder ${folder} is in use by process ${pid} on ${decodeURIComponent(holderHost)}`,
        {
          hint: `Stop that process. If there is none, delete ${join(folder, name)}.`,
        },
      );
    }
  } catch (error) {
    await unlinkIfThere(join(folder, own));
    throw error;
  }
  return { release: () => unlinkIfThere(join(folder, own)) };
}

async function isRunning(pid: number, startTime: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isErrorCode(error, "EPERM")) return false;
  }
  // Process ids are used again, in containers at every start; together with the start time they are not.
  return (await startTimeOf(pid)) === startTime;
}

// Field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); "0" where there is no /proc.
async function startTimeOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isErrorCode(error, "ENOENT")) throw error;
  });
}
