import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Log } from "@stargate/kernel";
import { z } from "zod";

/** An answer as it was sent, and to which request. */
export interface KeptAnswer {
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers of requests that carried a key, by `keyOwner`. */
export interface AnswerStore {
  /** Largest body that is kept. */
  readonly maxAnswerBytes: number;
  /** Takes a key while its request runs; undefined: it runs already. Call what is returned in the end. */
  claim(owner: string): (() => void) | undefined;
  find(owner: string): Promise<KeptAnswer | undefined>;
  /** Writes whole or not at all. A disk that cannot be written to costs the answer, and is told in the log. */
  keep(owner: string, answer: KeptAnswer): Promise<void>;
}

export interface AnswerStoreOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, "epochMs">;
  readonly log: Log;
  readonly maxAgeMs: number;
  readonly maxAnswerBytes: number;
  /** All answers together; the oldest go first. */
  readonly maxFolderBytes: number;
}

const headSchema = z.strictObject({
  stargate: z.literal(1),
  atMs: z.number(),
  fingerprint: z.string(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
});

const lineEnd = 10;

/**
 * Answers as files, one each, so that they outlive the process: a client that repeats its request after a crash of the
 * gateway gets the answer that was made. The folder is made with the first answer.
 */
export function createAnswerStore({
  folder,
  clock,
  log,
  maxAgeMs,
  maxAnswerBytes,
  maxFolderBytes,
}: AnswerStoreOptions): AnswerStore {
  const running = new Set<string>();
  let totalBytes: number | undefined;

  const write = async (owner: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const part = join(folder, `.${randomUUID()}`);
    await writeFile(part, bytes, { mode: 0o600 });
    await rename(part, join(folder, owner));
    totalBytes = (totalBytes ?? Infinity) + bytes.byteLength;
    if (totalBytes > maxFolderBytes) totalBytes = await shrink(folder, maxFolderBytes, clock.epochMs() - maxAgeMs);
  };

  return {
    maxAnswerBytes,
    claim(owner) {
      if (running.has(owner)) return undefined;
      running.add(owner);
      return () => void running.delete(owner);
    },
    async find(owner) {
      const bytes = await readFile(join(folder, owner)).catch(() => undefined);
      const answer = bytes && parseAnswer(bytes);
      return answer !== undefined && clock.epochMs() - answer.atMs <= maxAgeMs ? answer : undefined;
    },
    async keep(owner, { body, ...head }) {
      const line = JSON.stringify({ stargate: 1, atMs: clock.epochMs(), ...head } satisfies z.input<typeof headSchema>);
      try {
        await write(owner, Buffer.concat([Buffer.from(`${line}\n`), body]));
      } catch (error) {
        log.warn("An answer could not be kept for its Idempotency-Key", { folder, error: String(error) });
      }
    },
  };
}

/** A file that a crash or another version left is no answer. */
function parseAnswer(bytes: Buffer<ArrayBuffer>): (KeptAnswer & { readonly atMs: number }) | undefined {
  const end = bytes.indexOf(lineEnd);
  try {
    const { stargate: _version, ...head } = headSchema.parse(JSON.parse(bytes.toString("utf8", 0, end)));
    return { ...head, body: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}

/** Removes what is too old, and the oldest until a tenth of the room is free. Gives the bytes that are left. */
async function shrink(folder: string, maxBytes: number, oldestMs: number): Promise<number> {
  const names = await readdir(folder);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  const files = names.flatMap((name, index) => {
    const stats = found[index]; // another process may have removed it
    return stats === undefined ? [] : [{ name, bytes: stats.size, writtenMs: stats.mtimeMs }];
  });
  let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, bytes, writtenMs } of files.toSorted((a, b) => a.writtenMs - b.writtenMs)) {
    if (writtenMs >= oldestMs && left <= maxBytes * 0.9) break;
    await rm(join(folder, name), { force: true });
    left -= bytes;
  }
  return left;
}
