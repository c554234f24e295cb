import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isErrorCode, replaceDurably } from "./files/durable-files.ts";
import { createOwnerTag } from "./files/process-tag.ts";
import type { FileKey, StoreLayout } from "./layout.ts";

const refSchema = z.object({
  model: z.string(),
  version: z.string(),
  variant: z.string().nullable(),
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().nonnegative(),
  /** ISO time at which the operator accepted this digest of a file without a declared one; null: it is declared. */
  acceptedAt: z.iso.datetime().nullable(),
  /** Where the bytes came from, for people. */
  source: z.string(),
});

/** What the store knows of one declared file: the digest it had when it came, and whether that was accepted. */
export type Ref = Readonly<z.output<typeof refSchema>>;

export interface Refs {
  /** A damaged ref counts as none: the file is looked for again. Reads the disk at once, which a router may do. */
  read(key: FileKey): Ref | undefined;
  write(ref: Ref): Promise<void>;
  /** Every ref there is, with its path. */
  all(): Promise<readonly { readonly path: string; readonly ref: Ref }[]>;
}

export function createRefs(layout: StoreLayout): Refs {
  return {
    read(key) {
      try {
        return parse(readFileSync(layout.ref(key), "utf8"));
      } catch (error) {
        if (isErrorCode(error, "ENOENT", "ENOTDIR")) return undefined;
        throw error;
      }
    },
    async write(ref) {
      const path = layout.ref(ref);
      await mkdir(layout.temporary, { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      await replaceDurably(path, `${JSON.stringify(ref, undefined, 2)}\n`, join(layout.temporary, createOwnerTag()));
    },
    async all() {
      const found = [];
      for (const path of await jsonFilesIn(layout.refs)) {
        const ref = parse(await readFile(path, "utf8"));
        if (ref !== undefined) found.push({ path, ref });
      }
      return found;
    },
  };
}

function parse(text: string): Ref | undefined {
  try {
    return refSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function jsonFilesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name))
      .toSorted();
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return [];
    throw error;
  }
}
