import { createHash } from "node:crypto";
import { mkdir, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { ConnectorContext, Delivery, Sink } from "@stargate/kernel";
import { failConnector } from "../errors/connector-errors.ts";
import { createNodeClock } from "../host/node-clock.ts";
import {
  exists,
  moveUnderFreeName,
  namesIn,
  replaceDurably,
  statIfThere,
  syncFolder,
  writeDurably,
} from "./durable-files.ts";
import { chunksOf, extensionOf, type EncodePayload } from "./encode-delivery.ts";
import { safeFileName, withExtension } from "./safe-file-name.ts";

export interface FolderSinkOptions {
  /** Where results go. Everything of our own lies in its ".stargate". */
  readonly folder: string;
  readonly encode: EncodePayload;
  /** Marks of delivered results are forgotten after this long. Default 30 days. */
  readonly rememberMs?: number | undefined;
}

interface Places {
  readonly writing: string;
  readonly ready: string;
  readonly placing: string;
  readonly done: string;
}

const DAY_MS = 86_400_000;

/**
 * Writes every result as one file: complete or not there at all, once per idempotency key whatever crashes when, and
 * never over another file ("scan (2).pdf").
 *
 * A result goes through "writing" (temporary), "ready" (complete, on disk) and "placing" (a mark: from now on it may
 * be in the folder) to its place; the mark goes to "delivered" and holds the receipt. A mark without a ready file
 * means that the result was placed.
 */
export function createFolderSink(options: FolderSinkOptions): Sink {
  const { folder, encode } = options;
  const state = join(folder, ".stargate");
  const places: Places = {
    writing: join(state, "writing"),
    ready: join(state, "ready"),
    placing: join(state, "placing"),
    done: join(state, "delivered"),
  };
  let opened: Promise<void> | undefined;

  return {
    kind: "sink",
    id: "folder",
    async deliver(delivery, context) {
      await (opened ??= open(folder, places, options.rememberMs ?? 30 * DAY_MS).catch((error: unknown) => {
        opened = undefined; // the next attempt looks again
        throw error;
      }));
      // Keys are digests ("sha256:..."); as file names they must hold no colon.
      const key = createHash("sha256").update(delivery.idempotencyKey).digest("hex");
      if (await exists(join(places.done, key))) return;
      if (!(await wasPlaced(places, key))) await place(delivery, key, context);
      await rename(join(places.placing, key), join(places.done, key));
      await syncFolder(places.done);
    },
  };

  async function place(delivery: Delivery, key: string, context: ConnectorContext): Promise<void> {
    const ready = join(places.ready, key);
    const { body, mediaType } = await encode(delivery.payload, { signal: context.signal });
    const writing = join(places.writing, key);
    await writeDurably(writing, chunksOf(body));
    await rename(writing, ready);
    await syncFolder(places.ready);
    const name = withExtension(safeFileName(delivery.name ?? delivery.receipt.id), extensionOf(mediaType));
    await replaceDurably(join(places.placing, key), `${JSON.stringify({ name, receipt: delivery.receipt })}\n`);
    await moveUnderFreeName(ready, folder, name);
  }
}

async function open(folder: string, places: Places, rememberMs: number): Promise<void> {
  await stat(folder).catch((cause: unknown) => {
    throw failConnector("SG_CONNECTOR_FOLDER", `Folder ${folder} cannot be written`, { cause });
  });
  for (const place of Object.values(places)) await mkdir(place, { recursive: true });
  const oldestMs = createNodeClock().epochMs() - rememberMs;
  for (const name of await namesIn(places.writing)) await unlink(join(places.writing, name));
  for (const name of await namesIn(places.placing)) if (name.endsWith(".tmp")) await unlink(join(places.placing, name));
  for (const key of await namesIn(places.done)) {
    const mark = await statIfThere(join(places.done, key));
    if (mark !== undefined && Number(mark.mtimeMs) < oldestMs) await unlink(join(places.done, key));
  }
}

/** Finds out what a delivery that ended in the middle has left, and cleans up. */
async function wasPlaced(places: Places, key: string): Promise<boolean> {
  const ready = await statIfThere(join(places.ready, key));
  const marked = await exists(join(places.placing, key));
  if (ready === undefined) return marked;
  // Two names for one file: it was linked into the folder, only its first name had not been taken away.
  const linked = marked && ready.nlink > 1n;
  if (marked && !linked) {
    // Before the ready file, or the next look would take the result for placed.
    await unlink(join(places.placing, key));
    await syncFolder(places.placing);
  }
  await unlink(join(places.ready, key));
  return linked;
}
