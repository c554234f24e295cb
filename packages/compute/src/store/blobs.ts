import { chmod, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode, renameDurably, statIfThere } from "./files/durable-files.ts";
import type { StoreLayout } from "./layout.ts";

/** Whole files, named after their content. */
export interface Blobs {
  has(sha256: string): Promise<boolean>;
  /** Takes a finished, hashed file from a place in the store's folder. */
  admit(path: string, sha256: string): Promise<void>;
  /** Puts a file with wrong bytes aside. Another process may have done so already. */
  quarantine(path: string, expected: string, actual: string): Promise<void>;
}

export function createBlobs(layout: StoreLayout): Blobs {
  return {
    has: async (sha256) => (await statIfThere(layout.blob(sha256))) !== undefined,
    async admit(path, sha256) {
      await mkdir(layout.blobs, { recursive: true });
      await chmod(path, 0o444); // nobody writes to it by accident
      await renameDurably(path, layout.blob(sha256));
    },
    async quarantine(path, expected, actual) {
      await mkdir(layout.quarantine, { recursive: true });
      try {
        await rename(path, join(layout.quarantine, `${expected},${actual}`));
      } catch (error) {
        if (!isErrorCode(error, "ENOENT")) throw error;
      }
    },
  };
}
