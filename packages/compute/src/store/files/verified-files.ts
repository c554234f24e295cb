import type { BigIntStats } from "node:fs";
import { statIfThere } from "./durable-files.ts";
import { hashFile } from "./hash-file.ts";

/** Remembers which files this process has read and hashed, so that each is read once and not again until it changes. */
export interface VerifiedFiles {
  /** sha256 of a file, in lower-case hex; undefined when there is none. Reads it only when it has changed since. */
  digest(path: string, signal: AbortSignal): Promise<string | undefined>;
  /** What the file's digest was when it was last read; does not touch the disk. */
  seen(path: string): string | undefined;
}

interface Seen {
  readonly identity: string;
  readonly sha256: string;
}

/** A file counts as unchanged while size, inode, and the times of content and of inode are the same. */
export function createVerifiedFiles(): VerifiedFiles {
  const files = new Map<string, Seen>();
  return {
    async digest(path, signal) {
      const stats = await statIfThere(path);
      if (stats === undefined || !stats.isFile()) {
        files.delete(path);
        return undefined;
      }
      const identity = identityOf(stats);
      const known = files.get(path);
      if (known?.identity === identity) return known.sha256;
      const sha256 = await hashFile(path, signal);
      // What was written to while it was read has no digest to remember.
      const after = await statIfThere(path);
      if (after !== undefined && identityOf(after) === identity) files.set(path, { identity, sha256 });
      return sha256;
    },
    seen: (path) => files.get(path)?.sha256,
  };
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}
