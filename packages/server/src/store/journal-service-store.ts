import { createReadStream } from "node:fs";
import { mkdir, open, rename, stat, truncate, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Json, ServiceStore } from "@stargate/kernel";
import { z } from "zod";
import { isErrorCode, syncFolder, writeDurably } from "../connectors/durable-files.ts";
import { lockFolder } from "../connectors/folder-lock.ts";

export interface JournalServiceStoreOptions {
  /** The journal: one JSON line per step. */
  readonly path: string;
  /** Keys kept per service; the oldest are forgotten first. Default 200,000 (about 20 MB). */
  readonly maxKeys?: number | undefined;
}

/** A store in one file; `close` when done. */
export interface JournalServiceStore extends ServiceStore {
  close(): Promise<void>;
}

/** Short names: there is one such line per item. s: service, c: cursor, d: done key. */
const lineSchema = z.strictObject({ s: z.string(), c: z.json(), d: z.string().optional() });
type Line = z.infer<typeof lineSchema>;

interface ServiceRecord {
  cursor: Json;
  /** In order of doing. */
  readonly done: Set<string>;
}

/**
 * Opens a store that appends one line per step and writes it to disk before `save` resolves. A line that a crash has
 * cut off does not count and is removed; a journal of mostly forgotten lines is written anew when it is opened.
 * The journal's folder is held by this process alone. Throws SG_CONNECTOR_LOCKED.
 */
export async function openJournalServiceStore(options: JournalServiceStoreOptions): Promise<JournalServiceStore> {
  const { path, maxKeys = 200_000 } = options;
  await mkdir(dirname(path), { recursive: true });
  const lock = await lockFolder(dirname(path));
  const services = new Map<string, ServiceRecord>();
  const record = (service: string): ServiceRecord => {
    let found = services.get(service);
    if (found === undefined) services.set(service, (found = { cursor: null, done: new Set() }));
    return found;
  };
  const apply = ({ s, c, d }: Line): void => {
    const target = record(s);
    target.cursor = c as Json; // z.json() is the same set of values
    if (d === undefined) return;
    target.done.add(d);
    const [oldest] = target.done;
    if (target.done.size > maxKeys && oldest !== undefined) target.done.delete(oldest);
  };
  const lines = await replay(path, apply);
  const kept = [...services.values()].reduce((sum, { done }) => sum + done.size + 1, 0);
  if (lines > 2 * kept + 1000) await rewrite(path, services);
  const handle = await open(path, "a+");
  await syncFolder(dirname(path));
  const append = createAppender(handle);

  return {
    load: (service) => Promise.resolve(services.get(service)?.cursor ?? null),
    isDone: (service, key) => Promise.resolve(services.get(service)?.done.has(key) ?? false),
    async save(service, { cursor, done }) {
      const line: Line = { s: service, c: cursor as Line["c"], ...(done === undefined ? {} : { d: done }) }; // the same set of values
      await append(`${JSON.stringify(line)}\n`);
      apply(line);
    },
    async close() {
      await handle.close();
      await lock.release();
    },
  };
}

/** Applies every whole line; cuts off what follows the last one. */
async function replay(path: string, apply: (line: Line) => void): Promise<number> {
  const size = await stat(path).then(
    (entry) => entry.size,
    (error: unknown) => {
      if (isErrorCode(error, "ENOENT")) return 0;
      throw error;
    },
  );
  if (size === 0) return 0;
  let lines = 0;
  let wholeBytes = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const end = wholeBytes + Buffer.byteLength(text) + 1;
    const line = end <= size ? parseLine(text) : undefined; // without its line break a line is not whole
    if (line === undefined) break;
    apply(line);
    lines += 1;
    wholeBytes = end;
  }
  if (wholeBytes < size) await truncate(path, wholeBytes);
  return lines;
}

function parseLine(text: string): Line | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function rewrite(path: string, services: ReadonlyMap<string, ServiceRecord>): Promise<void> {
  async function* lines(): AsyncGenerator<Uint8Array> {
    for (const [service, { cursor, done }] of services) {
      yield Buffer.from(`${JSON.stringify({ s: service, c: cursor })}\n`);
      for (const key of done) yield Buffer.from(`${JSON.stringify({ s: service, c: cursor, d: key })}\n`);
    }
  }
  await writeDurably(`${path}.new`, lines());
  await rename(`${path}.new`, path);
}

// Lines that come while the disk is busy are written together: one sync for all of them.
function createAppender(handle: FileHandle): (line: string) => Promise<void> {
  let waiting: string[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return (line) => {
    waiting.push(line);
    return (next ??= flushing =
      flushing
        .catch(() => undefined) // its own callers have seen it
        .then(async () => {
          next = undefined;
          const batch = waiting.join("");
          waiting = [];
          const { size } = await handle.stat();
          try {
            await handle.appendFile(batch);
            await handle.datasync();
          } catch (error) {
            await handle.truncate(size); // half a line (disk full) would hide all that follow
            throw error;
          }
        }));
  };
}
