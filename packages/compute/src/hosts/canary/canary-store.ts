import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CanaryRecord, canaryRecordSchema } from "./canary-record.ts";

/** Where answers to derived inputs are kept. */
export interface CanaryStore {
  /** undefined: none yet, or one that cannot be read. */
  read(key: string): Promise<CanaryRecord | undefined>;
  write(key: string, record: CanaryRecord): Promise<void>;
  /** Where the record of a key lies, for messages. */
  place(key: string): string;
}

/** One JSON file for each model, device kind and engine. */
export function createCanaryStore(folder: string): CanaryStore {
  const place = (key: string): string =>
    join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  return {
    place,
    async read(key) {
      try {
        return canaryRecordSchema.parse(JSON.parse(await readFile(place(key), "utf8")));
      } catch {
        return undefined; // a damaged record is as good as none: the next answer is written over it
      }
    },
    async write(key, record) {
      await mkdir(folder, { recursive: true });
      const path = place(key);
      const draft = `${path}.${process.pid}.draft`;
      await writeFile(draft, JSON.stringify(record));
      await rename(draft, path);
    },
  };
}
