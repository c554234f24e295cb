import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { bytes, digestJson, type Clock, type ConnectorContext, type Source, type SourceItem } from "@stargate/kernel";
import { z } from "zod";
import { failConnector } from "../errors/connector-errors.ts";
import { openFileBlob } from "../host/file-blob.ts";
import { createNodeClock } from "../host/node-clock.ts";
import { namesIn, statIfThere, syncFolder, writeDurably } from "./durable-files.ts";
import { lockFolder } from "./folder-lock.ts";
import { putAside } from "./problem-file.ts";
import { safeFileName } from "./safe-file-name.ts";
import { createWakeUp } from "./wake-up.ts";

export interface PushSourceOptions {
  /** Where bodies wait: must lie on a disk that survives a restart. */
  readonly folder: string;
  /** Waiting items at most; more are refused with SG_CONNECTOR_FULL. Default 10,000. */
  readonly maxItems?: number | undefined;
  /** Waiting bytes at most. Default 10 GiB. */
  readonly maxBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

export interface PushRequest {
  readonly body: AsyncIterable<Uint8Array>;
  readonly name?: string | undefined;
  readonly mediaType?: string | undefined;
  /** Same key and same content: the same item, however often it is sent. Without it every push is an item of its own. */
  readonly idempotencyKey?: string | undefined;
}

/** A source that an HTTP route feeds. */
export interface PushSource {
  readonly source: Source<typeof bytes>;
  /** Resolves when the item is safe on disk: then a route may answer 202. Throws SG_CONNECTOR_FULL. */
  push(request: PushRequest): Promise<{ readonly id: string }>;
  /** Items and bytes on disk that are not done. */
  status(): { readonly items: number; readonly bytes: number };
  close(): Promise<void>;
}

const metaSchema = z.strictObject({ id: z.string(), name: z.string().optional(), mediaType: z.string() });

/**
 * Opens a durable queue in a folder: a pushed body is written to disk, with its folder entry, before `push` resolves.
 * An item is one folder in "queue" holding "body" and "meta.json"; it is gone after the acknowledgement, or in "failed".
 * @example
 * const queue = await openPushSource({ folder: "/var/lib/stargate/inbox" });
 * app.post("/inbox", async (c) => c.json(await queue.push({ body: c.req.raw.body }), 202));
 */
export async function openPushSource(options: PushSourceOptions): Promise<PushSource> {
  const { folder, maxItems = 10_000, maxBytes = 10 * 1024 ** 3, clock = createNodeClock() } = options;
  const places = { incoming: join(folder, "incoming"), queue: join(folder, "queue"), failed: join(folder, "failed") };
  for (const place of Object.values(places)) await mkdir(place, { recursive: true });
  const lock = await lockFolder(folder);
  await rm(places.incoming, { recursive: true }); // bodies that were never accepted
  await mkdir(places.incoming);
  const sizes = new Map<string, number>();
  for (const slot of await namesIn(places.queue)) sizes.set(slot, await bodyBytes(slot));
  const bell = createWakeUp();
  let receivingItems = 0;
  let receivingBytes = 0;
  let sequence = 0;

  let waitingBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);

  async function bodyBytes(slot: string): Promise<number> {
    return Number((await statIfThere(join(places.queue, slot, "body")))?.size ?? 0n);
  }

  async function push(request: PushRequest): Promise<{ readonly id: string }> {
    if (sizes.size + receivingItems >= maxItems)
      throw failConnector("SG_CONNECTOR_FULL", `The queue holds ${sizes.size} items; the limit is ${maxItems}`);
    const slot = nextSlot();
    const incoming = join(places.incoming, slot);
    let received = 0;
    const hash = createHash("sha256");
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of request.body) {
        received += chunk.byteLength;
        receivingBytes += chunk.byteLength;
        if (waitingBytes + receivingBytes > maxBytes)
          throw failConnector("SG_CONNECTOR_FULL", `The queue would hold more than its ${maxBytes} bytes`);
        hash.update(chunk);
        yield chunk;
      }
    }
    receivingItems += 1;
    try {
      await mkdir(incoming);
      await writeDurably(join(incoming, "body"), counted());
      const id = digestJson([request.idempotencyKey ?? slot, hash.digest("hex")]);
      const meta = {
        id,
        name: request.name === undefined ? undefined : safeFileName(request.name),
        mediaType: request.mediaType ?? "",
      };
      await writeDurably(join(incoming, "meta.json"), JSON.stringify(meta));
      await syncFolder(incoming);
      await rename(incoming, join(places.queue, slot)); // from here on it is an item, body and all
      await syncFolder(places.queue);
      sizes.set(slot, received);
      waitingBytes += received;
      bell.ring();
      return { id };
    } catch (error) {
      await rm(incoming, { recursive: true, force: true });
      throw error;
    } finally {
      receivingItems -= 1;
      receivingBytes -= received;
    }
  }

  // Sorts by arrival, within one process exactly.
  function nextSlot(): string {
    sequence += 1;
    return `${String(clock.epochMs()).padStart(14, "0")}-${String(sequence).padStart(9, "0")}-${randomBytes(4).toString("hex")}`;
  }

  async function* offer({ signal }: ConnectorContext): AsyncGenerator<SourceItem<Blob>> {
    const offered = new Set<string>();
    while (!signal.aborted) {
      for (const slot of await namesIn(places.queue)) {
        if (signal.aborted) return;
        if (offered.has(slot) || !sizes.has(slot)) continue; // seen, or just being counted by `push`
        offered.add(slot);
        yield await itemOf(slot);
      }
      await bell.wait({ clock, signal });
    }
  }

  async function itemOf(slot: string): Promise<SourceItem<Blob>> {
    const slotFolder = join(places.queue, slot);
    const body = join(slotFolder, "body");
    const meta = metaSchema.parse(JSON.parse(await readFile(join(slotFolder, "meta.json"), "utf8")));
    const forget = async (): Promise<void> => {
      await rm(slotFolder, { recursive: true, force: true });
      waitingBytes -= sizes.get(slot) ?? 0;
      sizes.delete(slot);
    };
    return {
      id: meta.id,
      value: await openFileBlob(body, meta.mediaType),
      name: meta.name,
      cursor: null, // the queue is the position
      ack: forget,
      async reject(problem) {
        if ((await statIfThere(body)) !== undefined)
          await putAside(body, places.failed, `${slot}-${meta.name ?? "body"}`, problem);
        await forget();
      },
    };
  }

  return {
    source: { kind: "source", id: "push", modality: bytes, open: offer },
    push,
    status: () => ({ items: sizes.size, bytes: waitingBytes }),
    close: () => lock.release(),
  };
}
