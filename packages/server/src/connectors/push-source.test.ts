import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SourceItem } from "@stargate/kernel";
import { nextItem, openContext } from "../../test/support/connector-context.ts";
import { openPushSource, type PushSource, type PushSourceOptions } from "./push-source.ts";

let folder = "";
const sources: PushSource[] = [];
const contexts: { stop(): void }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-push-"));
});
afterEach(async () => {
  for (const { stop } of contexts.splice(0)) stop();
  for (const source of sources.splice(0)) await source.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(
  options: Partial<PushSourceOptions> = {},
): Promise<PushSource & { items: AsyncGenerator<SourceItem<Blob>> }> {
  const source = await openPushSource({ folder, ...options });
  sources.push(source);
  const context = openContext();
  contexts.push(context);
  return { ...source, items: source.source.open(context) as AsyncGenerator<SourceItem<Blob>> }; // it is a generator
}
async function* body(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

describe("push source", () => {
  it("offers what is pushed, in order, with name and media type", async () => {
    const { items, push } = await open();
    await push({ body: body("he", "llo"), name: "../greeting.txt", mediaType: "text/plain" });
    await push({ body: body("second") });
    const [first, second] = [await nextItem(items), await nextItem(items)];
    expect({ name: first.name, type: first.value.type, text: await first.value.text() }).toEqual({
      name: "greeting.txt",
      type: "text/plain",
      text: "hello",
    });
    expect({ name: second.name, text: await second.value.text() }).toEqual({ name: undefined, text: "second" });
  });

  it("wakes a waiting service", async () => {
    const { items, push } = await open();
    const next = nextItem(items);
    const { id } = await push({ body: body("x") });
    expect((await next).id).toBe(id);
  });

  it("has the item on disk when push resolves, and offers it after a restart", async () => {
    const first = await open();
    const { id } = await first.push({ body: body("kept"), name: "a" });
    await first.close();
    const second = await open();
    expect(second.status()).toEqual({ items: 1, bytes: 4 });
    const item = await nextItem(second.items);
    expect({ id: item.id, text: await item.value.text() }).toEqual({ id, text: "kept" });
    await item.ack();
    expect([second.status(), await readdir(join(folder, "queue"))]).toEqual([{ items: 0, bytes: 0 }, []]);
  });

  it("gives equal content under one idempotency key one id, and every other push its own", async () => {
    const { push } = await open();
    const ids = [];
    for (const [content, idempotencyKey] of [
      ["x", "k"],
      ["x", "k"],
      ["y", "k"],
      ["x", undefined],
      ["x", undefined],
    ] as const)
      ids.push((await push({ body: body(content), idempotencyKey })).id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
  });

  it("refuses more items than it may hold until one is done", async () => {
    const { items, push } = await open({ maxItems: 2 });
    await push({ body: body("1") });
    await push({ body: body("2") });
    await expect(push({ body: body("3") })).rejects.toMatchObject({
      code: "SG_CONNECTOR_FULL",
      status: 503,
      retryable: true,
    });
    await (await nextItem(items)).ack();
    await push({ body: body("3") });
  });

  it("refuses a body that does not fit any more and keeps nothing of it", async () => {
    const { push, status } = await open({ maxBytes: 10 });
    await push({ body: body("12345") });
    await expect(push({ body: body("123", "456") })).rejects.toMatchObject({ code: "SG_CONNECTOR_FULL" });
    expect([status(), await readdir(join(folder, "incoming"))]).toEqual([{ items: 1, bytes: 5 }, []]);
    await push({ body: body("67890") });
  });

  it("keeps nothing of a body that breaks off", async () => {
    const { push, status } = await open();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      throw new TypeError("connection lost");
    }
    await expect(push({ body: broken() })).rejects.toThrow("connection lost");
    expect([status().items, await readdir(join(folder, "incoming")), await readdir(join(folder, "queue"))]).toEqual([
      0,
      [],
      [],
    ]);
  });

  it("drops bodies that a crash left half received", async () => {
    await mkdir(join(folder, "incoming", "slot"), { recursive: true });
    await writeFile(join(folder, "incoming", "slot", "body"), "half");
    await open();
    expect(await readdir(join(folder, "incoming"))).toEqual([]);
  });

  it("puts a rejected item aside with its problem", async () => {
    const { items, push } = await open();
    await push({ body: body("bad"), name: "bad.pdf" });
    const problem = { code: "SG_INPUT_CORRUPT", message: "Cannot be read", hint: "Send it whole." };
    await (await nextItem(items)).reject(problem);
    const aside = (await readdir(join(folder, "failed"))).toSorted((a, b) => a.length - b.length);
    expect(aside).toHaveLength(2);
    expect(await readFile(join(folder, "failed", aside[0]!), "utf8")).toBe("bad");
    expect(JSON.parse(await readFile(join(folder, "failed", aside[1]!), "utf8"))).toEqual(problem);
  });

  it("refuses a second process on the same queue", async () => {
    await open();
    await expect(openPushSource({ folder })).rejects.toMatchObject({ code: "SG_CONNECTOR_LOCKED" });
  });
});
