import type { BigIntStats } from "node:fs";
import { link, lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { dirname, extname, join } from "node:path";

/** Makes the entries of a folder durable: a renamed or new file is only safe once its folder is written. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file and resolves when its content is on disk. Its folder entry is not: see `syncFolder`. */
export async function writeDurably(path: string, body: string | AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(path, "w", 0o666);
  let writtenBytes = 0;
  try {
    for await (const chunk of typeof body === "string" ? [Buffer.from(body)] : body) {
      await handle.appendFile(chunk);
      writtenBytes += chunk.byteLength;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return writtenBytes;
}

/** Writes a small file as a whole or not at all, durably. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeDurably(temporary, text);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/**
 * Moves a file into a folder under the first free of "name", "name (2)", "name (3)" ..., durably and without ever
 * overwriting another file. Returns the name it got.
 */
export async function moveUnderFreeName(path: string, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = numberedName(name, number);
    if (await moveIfFree(path, join(folder, candidate))) return candidate;
  }
}

async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to); // atomic and never overwrites
  } catch (error) {
    if (isErrorCode(error, "EEXIST")) return false;
    if (!isErrorCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV")) throw error;
    // No hard links here (FAT, some network shares): look, then rename.
    if (await exists(to)) return false;
    await rename(from, to);
    await syncFolder(dirname(to));
    return true;
  }
  await syncFolder(dirname(to)); // before the old name goes: at every moment one of them is on disk
  await unlink(from);
  return true;
}

/** "scan.pdf", 2 -> "scan (2).pdf". */
function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)} (${number})${extension}`;
}

export async function exists(path: string): Promise<boolean> {
  return (await statIfThere(path)) !== undefined;
}

export async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Entries of a folder in order of their names; none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}

export function isErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
