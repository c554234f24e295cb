import { createHash, randomBytes } from "node:crypto";
import { createReadStream, watch } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  bytes,
  digestJson,
  type Clock,
  type ConnectorContext,
  type Log,
  type Source,
  type SourceItem,
} from "@stargate/kernel";
import { failConnector } from "../errors/connector-errors.ts";
import { openFileBlob } from "../host/file-blob.ts";
import { createNodeClock } from "../host/node-clock.ts";
import { isErrorCode, moveUnderFreeName, namesIn, statIfThere } from "./durable-files.ts";
import { lockFolder } from "./folder-lock.ts";
import { putAside } from "./problem-file.ts";
import { safeFileName } from "./safe-file-name.ts";
import { createWakeUp } from "./wake-up.ts";

export interface FolderSourceOptions {
  /** The watched folder. Everything of our own lies in its ".stargate". */
  readonly folder: string;
  /** A file is taken when its size and time have not changed for this long. Default 1 s. */
  readonly stableMs?: number | undefined;
  /** Looks at least this often, should the file system send no event (network shares). Default 2 s. */
  readonly pollMs?: number | undefined;
  /** Keeps taken files in ".stargate/done". Default true; false deletes them. */
  readonly keepDone?: boolean | undefined;
  readonly clock?: Clock | undefined;
}

interface Look {
  readonly stamp: string;
  readonly sinceMs: number;
}

// Hidden files and the usual names of downloads and copies in progress.
const unfinished = /^\.|~$|\.(part|partial|tmp|temp|crdownload|download|filepart)$/i;

/**
 * Offers every file dropped into a folder, once.
 *
 * A file that has stopped changing is moved to ".stargate/work" (so that a new file of the same name is a new item),
 * from there to ".stargate/done" when the sink has taken its result, or to ".stargate/failed" with a
 * `<name>.problem.json` when it can never succeed. What is left in "work" after a crash is offered again. The id is
 * made of name and content: the same content under two names is two items, the same file again is the same item.
 * Symbolic links, folders and hidden files are left alone.
 */
export function createFolderSource(options: FolderSourceOptions): Source<typeof bytes> {
  return { kind: "source", id: "folder", modality: bytes, open: (context) => offerFiles(options, context) };
}

async function* offerFiles(
  options: FolderSourceOptions,
  { signal, log }: ConnectorContext,
): AsyncGenerator<SourceItem<Blob>> {
  const { folder, stableMs = 1000, pollMs = 2000, keepDone = true, clock = createNodeClock() } = options;
  const state = join(folder, ".stargate");
  const places = { work: join(state, "work"), done: join(state, "done"), failed: join(state, "failed") };
  await stat(folder).catch((cause: unknown) => {
    throw failConnector("SG_CONNECTOR_FOLDER", `Folder ${folder} cannot be read`, { cause });
  });
  for (const place of Object.values(places)) await mkdir(place, { recursive: true });
  const lock = await lockFolder(state);
  const bell = createWakeUp();
  const stopWatching = watchFolder(folder, () => bell.ring(), log);
  try {
    for (const slot of await namesIn(places.work)) yield* offerSlot(slot);
    const looks = new Map<string, Look>();
    while (!signal.aborted) {
      const { ready, waiting } = await look(folder, looks, clock.nowMs(), stableMs);
      for (const name of ready) {
        if (signal.aborted) return;
        const slot = await claim(name);
        if (slot !== undefined) yield* offerSlot(slot);
      }
      await bell.wait({ clock, signal, atMostMs: waiting ? stableMs : pollMs });
    }
  } finally {
    stopWatching();
    await lock.release();
  }

  // Takes a file away from the folder; nobody else can take or replace it from here on.
  async function claim(name: string): Promise<string | undefined> {
    const slot = `${String(clock.epochMs()).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
    await mkdir(join(places.work, slot));
    try {
      await rename(join(folder, name), join(places.work, slot, name));
      return slot;
    } catch (error) {
      await rmdir(join(places.work, slot));
      if (!isErrorCode(error, "ENOENT")) log.warn("A file cannot be taken", { name, error: String(error) });
      return undefined;
    }
  }

  async function* offerSlot(slot: string): AsyncGenerator<SourceItem<Blob>> {
    const slotFolder = join(places.work, slot);
    const [name] = await readdir(slotFolder);
    if (name === undefined) return rmdir(slotFolder); // the crash came between making the slot and filling it
    const path = join(slotFolder, name);
    const stamp = await stampOf(path);
    yield {
      id: digestJson([name, await digestFile(path)]),
      value: await openFileBlob(path),
      name,
      cursor: null, // the folders are the position
      async ack() {
        const now = await stampOf(path);
        if (now === undefined) return; // acknowledged before
        if (now !== stamp) {
          // Somebody was still writing: what was read was not the whole. It goes back and is taken again.
          log.warn("A file changed after it was taken; it is taken again", { name });
          await moveUnderFreeName(path, folder, name);
        } else if (keepDone) await moveUnderFreeName(path, places.done, name);
        else await unlink(path);
        await rm(slotFolder, { recursive: true, force: true });
      },
      async reject(problem) {
        if ((await stampOf(path)) === undefined) return;
        await putAside(path, places.failed, safeFileName(name), problem);
        await rm(slotFolder, { recursive: true, force: true });
      },
    };
  }
}

// Events only shorten the wait: where there are none (network shares, too many watches) regular looks do.
function watchFolder(folder: string, onChange: () => void, log: Log): () => void {
  const failed = (error: unknown): void =>
    log.warn("No file system events; the folder is looked at regularly", { folder, error: String(error) });
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on("error", failed);
    return () => watcher.close();
  } catch (error) {
    failed(error);
    return () => undefined;
  }
}

/** Names that have kept still for `stableMs`, oldest file first, and whether others are being waited for. */
async function look(
  folder: string,
  looks: Map<string, Look>,
  nowMs: number,
  stableMs: number,
): Promise<{ readonly ready: readonly string[]; readonly waiting: boolean }> {
  const ready: { readonly name: string; readonly stamp: string }[] = [];
  const seen = new Set<string>();
  for (const name of await namesIn(folder)) {
    if (unfinished.test(name)) continue;
    const stamp = await stampOf(join(folder, name));
    if (stamp === undefined) continue;
    seen.add(name);
    const before = looks.get(name);
    if (before?.stamp !== stamp) looks.set(name, { stamp, sinceMs: nowMs });
    else if (nowMs - before.sinceMs >= stableMs) ready.push({ name, stamp });
  }
  for (const name of looks.keys()) if (!seen.has(name)) looks.delete(name);
  // Stamps begin with the time in nanoseconds, all of the same number of digits.
  return {
    ready: ready.toSorted((a, b) => (a.stamp < b.stamp ? -1 : 1)).map(({ name }) => name),
    waiting: seen.size > ready.length,
  };
}

/** What changes when a regular file does; undefined for anything else. */
async function stampOf(path: string): Promise<string | undefined> {
  const entry = await statIfThere(path);
  return entry?.isFile() === true ? `${entry.mtimeNs}-${entry.size}-${entry.ino}` : undefined;
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array); // without an encoding, chunks are Buffers
  return hash.digest("hex");
}
