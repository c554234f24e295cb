import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, rm, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { feedFile } from "../files/hash-file.ts";

const originSchema = z.object({
  url: z.string(),
  /** What the server would recognise this very content by: a strong ETag or a date. */
  validator: z.string().nullable(),
});

/** Which answer the bytes of a partial file are the beginning of. */
export type PartialOrigin = Readonly<z.output<typeof originSchema>>;

/** A file that is not whole yet, hashed as it grows. Only one process at a time has it open. */
export interface PartialFile {
  /** Where its bytes lie. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Answers its bytes came from. More than one: they may be of different contents. */
  readonly answers: number;
  readonly origin: PartialOrigin | undefined;
  /** Starts over, with the answer the next bytes will come from. */
  begin(origin: PartialOrigin): Promise<void>;
  /** The next bytes come from one more answer. */
  resume(): void;
  append(chunk: Uint8Array): Promise<void>;
  /** Forgets everything that came. */
  reset(): Promise<void>;
  /** sha256 of all bytes so far, in lower-case hex. */
  digest(): string;
  /** Closes the file; with `sync`, when its content is on the disk. */
  close(options?: { readonly sync?: boolean }): Promise<void>;
}

/** Opens a partial file in its folder and reads what an earlier process got. */
export async function openPartialFile(folder: string, signal: AbortSignal): Promise<PartialFile> {
  const path = join(folder, "data");
  const originPath = join(folder, "origin.json");
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  try {
    let hash = createHash("sha256");
    let sizeBytes = await feedFile(hash, handle, signal);
    let answers = sizeBytes === 0 ? 0 : 1;
    let origin = sizeBytes === 0 ? undefined : await readOrigin(originPath);
    const reset = async (): Promise<void> => {
      await handle.truncate(0);
      hash = createHash("sha256");
      [sizeBytes, answers, origin] = [0, 0, undefined];
    };
    return {
      path,
      get sizeBytes() {
        return sizeBytes;
      },
      get answers() {
        return answers;
      },
      get origin() {
        return origin;
      },
      async begin(next) {
        if (sizeBytes > 0) await reset();
        await writeFile(originPath, JSON.stringify(next));
        origin = next;
        answers = 1;
      },
      resume: () => void (answers += 1),
      async append(chunk) {
        await writeWhole(handle, chunk, sizeBytes);
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
      },
      async reset() {
        await reset();
        await rm(originPath, { force: true });
      },
      digest: () => finished(hash),
      async close({ sync = false } = {}) {
        if (sync) await handle.sync();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function finished(hash: Hash): string {
  return hash.copy().digest("hex");
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, position + done);
    done += bytesWritten;
  }
}

async function readOrigin(path: string): Promise<PartialOrigin | undefined> {
  try {
    return originSchema.safeParse(JSON.parse(await readFile(path, "utf8"))).data;
  } catch {
    return undefined; // the process ended while it wrote it: the bytes are then of unknown origin
  }
}
