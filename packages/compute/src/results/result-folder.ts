import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface ResultFolder {
  read(key: string): Promise<Buffer | undefined>;
  /** Writes whole or not at all. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

interface Entry {
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/**
 * Kept results as files, one each, so that they outlive the process. What was used longest ago goes first when there is
 * more than `maxBytes`. Several processes may share the folder.
 */
export async function openResultFolder(folder: string, maxBytes: number): Promise<ResultFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let total = (await entriesOf(folder)).reduce((sum, { bytes }) => sum + bytes, 0);
  const pathOf = (key: string): string => join(folder, createHash("sha256").update(key).digest("hex"));

  const shrink = async (): Promise<void> => {
    const entries = (await entriesOf(folder)).toSorted((a, b) => a.usedMs - b.usedMs);
    total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes } of entries) {
      if (total <= maxBytes * 0.9) return;
      await rm(join(folder, name), { force: true });
      total -= bytes;
    }
  };

  return {
    async read(key) {
      const path = pathOf(key);
      const bytes = await readFile(path).catch(() => undefined);
      // When it was used is what decides how long it stays; that it cannot be noted is no reason not to use it.
      if (bytes !== undefined) await utimes(path, new Date(), new Date()).catch(() => undefined);
      return bytes;
    },
    async write(key, bytes) {
      const part = join(folder, `.${randomUUID()}`);
      await writeFile(part, bytes, { mode: 0o600 });
      await rename(part, pathOf(key));
      total += bytes.byteLength;
      if (total > maxBytes) await shrink();
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => undefined); // another process may have removed it
    if (found !== undefined) entries.push({ name, bytes: found.size, usedMs: found.mtimeMs });
  }
  return entries;
}
