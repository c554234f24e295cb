import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const recordSchema = z.object({ digest: z.string(), bucket: z.string(), flopsPerItem: z.number().nonnegative() });

/** Counts that need not be made again. */
export interface FlopsStore {
  /** undefined: none yet, or one that cannot be read. */
  read(digest: string, bucket: string): Promise<number | undefined>;
  write(digest: string, bucket: string, flopsPerItem: number): Promise<void>;
}

/** One JSON file for each variant's files and kind of input. */
export function createFlopsStore(folder: string): FlopsStore {
  const place = (digest: string, bucket: string): string =>
    join(folder, `${createHash("sha256").update(`${digest} ${bucket}`).digest("hex").slice(0, 32)}.json`);
  return {
    async read(digest, bucket) {
      try {
        return recordSchema.parse(JSON.parse(await readFile(place(digest, bucket), "utf8"))).flopsPerItem;
      } catch {
        return undefined; // counted again, and written over it
      }
    },
    async write(digest, bucket, flopsPerItem) {
      await mkdir(folder, { recursive: true });
      const path = place(digest, bucket);
      const draft = `${path}.${process.pid}.draft`;
      await writeFile(draft, JSON.stringify({ digest, bucket, flopsPerItem }));
      await rename(draft, path);
    },
  };
}
