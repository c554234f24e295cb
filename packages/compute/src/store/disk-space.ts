import { statfs } from "node:fs/promises";
import { isStargateError } from "@stargate/kernel";
import { isErrorCode } from "./files/durable-files.ts";
import { fail } from "./model-errors.ts";

/** Free space of the disk a folder lies on, for this user. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Throws SG_MODEL_DISK when a disk cannot take so many more bytes. */
export async function refuseFullDisk(
  folder: string,
  neededBytes: number,
  freeBytes: (folder: string) => Promise<number>,
): Promise<void> {
  const free = await freeBytes(folder);
  if (neededBytes > free)
    throw fail("SG_MODEL_DISK", `${neededBytes} more bytes are needed in ${folder}, and ${free} are free`);
}

/** Runs work on the store's folder; what the disk refuses becomes SG_MODEL_DISK or SG_MODEL_FOLDER. */
export async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isStargateError(error) || !(error instanceof Error) || !("code" in error)) throw error;
    if (isErrorCode(error, "ENOSPC", "EDQUOT"))
      throw fail("SG_MODEL_DISK", `The disk of ${folder} is full: ${error.message}`, { cause: error });
    throw fail("SG_MODEL_FOLDER", `The model folder ${folder} cannot be used: ${error.message}`, { cause: error });
  }
}
