import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SourceItem } from "@stargate/kernel";
import { createFakeClock, type FakeClock } from "@stargate/kernel/testing";
import { nextItem, openContext } from "../../test/support/connector-context.ts";
import { createFolderSource, type FolderSourceOptions } from "./folder-source.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-source-"));
});

const opened: { stop(): void; readonly items: AsyncGenerator<SourceItem<Blob>> }[] = [];
afterEach(async () => {
  for (const { stop, items } of opened.splice(0)) {
    stop();
    await items.return(undefined);
  }
  await rm(folder, { recursive: true, force: true });
});

function open(options: Partial<FolderSourceOptions> = {}) {
  const context = openContext();
  const items = createFolderSource({ folder, stableMs: 1, pollMs: 5, ...options }).open(context) as AsyncGenerator<
    SourceItem<Blob>
  >; // it is a generator
  opened.push({ stop: context.stop, items });
  return { ...context, items };
}
const drop = (name: string, content = `content of ${name}`): Promise<void> => writeFile(join(folder, name), content);
const inState = (place: string): Promise<string[]> => readdir(join(folder, ".stargate", place));
const problem = { code: "SG_INPUT_CORRUPT", message: "Cannot be read", hint: "Send it whole." };

describe("folder source", () => {
  it("offers what lies in the folder, with name and content", async () => {
    await drop("a.txt");
    const item = await nextItem(open().items);
    expect({ name: item.name, text: await item.value.text(), cursor: item.cursor }).toEqual({
      name: "a.txt",
      text: "content of a.txt",
      cursor: null,
    });
  });

  it("offers what is dropped later", async () => {
    const { items } = open({ pollMs: 3_600_000 });
    const next = nextItem(items);
    await drop("later.txt");
    expect((await next).name).toBe("later.txt");
  });

  it("offers the oldest file first", async () => {
    for (const name of ["c.txt", "a.txt", "b.txt"]) await drop(name);
    const { items } = open();
    const names = [];
    for (let index = 0; index < 3; index += 1) names.push((await nextItem(items)).name);
    expect(names).toEqual(["c.txt", "a.txt", "b.txt"]);
  });

  it("waits while a file still changes", async () => {
    const clock = createFakeClock();
    await drop("growing.txt", "1");
    const { items } = open({ clock, stableMs: 100, pollMs: 100 });
    let taken = false;
    const next = nextItem(items).then((item) => ((taken = true), item));
    for (const content of ["12", "123", "1234"]) {
      await waitingFor(clock);
      await drop("growing.txt", content);
      await clock.advance(60);
    }
    await waitingFor(clock);
    expect(taken).toBe(false);
    await letTimePass(clock, next);
    expect(await (await next).value.text()).toBe("1234");
  });

  it("leaves hidden files, downloads in progress, folders and links alone", async () => {
    const outside = await mkdtemp(join(tmpdir(), "stargate-outside-"));
    await writeFile(join(outside, "secret"), "secret");
    await symlink(join(outside, "secret"), join(folder, "link.txt"));
    await mkdir(join(folder, "sub.txt"));
    for (const name of [".hidden", "a.part", "b.tmp", "c.crdownload", "d.txt~", "wanted.txt"]) await drop(name);
    const { items } = open();
    expect((await nextItem(items)).name).toBe("wanted.txt");
    await drop("wanted, too.txt");
    expect((await nextItem(items)).name).toBe("wanted, too.txt");
    await rm(outside, { recursive: true });
  });

  it("gives the same file the same id, another content or name another", async () => {
    const ids = [];
    for (const [name, content] of [
      ["a.txt", "x"],
      ["a.txt", "x"],
      ["b.txt", "x"],
      ["a.txt", "y"],
    ] as const) {
      await drop(name, content);
      const { items, stop } = open();
      const item = await nextItem(items);
      ids.push(item.id);
      await item.ack();
      stop();
      await items.return(undefined);
    }
    expect(ids[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it("moves an acknowledged file to done, twice without harm", async () => {
    await drop("a.txt");
    const item = await nextItem(open().items);
    expect(await inState("done")).toEqual([]);
    await item.ack();
    await item.ack();
    expect([await inState("done"), await inState("work"), await readdir(folder)]).toEqual([
      ["a.txt"],
      [],
      [".stargate"],
    ]);
  });

  it("keeps both of two done files of one name", async () => {
    for (const content of ["one", "two"]) {
      await drop("a.txt", content);
      const { items, stop } = open();
      await (await nextItem(items)).ack();
      stop();
      await items.return(undefined);
    }
    expect((await inState("done")).toSorted((a, b) => a.length - b.length)).toEqual(["a.txt", "a (2).txt"]);
  });

  it("deletes an acknowledged file when asked to", async () => {
    await drop("a.txt");
    await (await nextItem(open({ keepDone: false }).items)).ack();
    expect([await inState("done"), await inState("work")]).toEqual([[], []]);
  });

  it("puts a rejected file aside with its problem", async () => {
    await drop("bad.pdf");
    const item = await nextItem(open().items);
    await item.reject(problem);
    await item.reject(problem);
    expect((await inState("failed")).toSorted((a, b) => a.length - b.length)).toEqual([
      "bad.pdf",
      "bad.pdf.problem.json",
    ]);
    expect(JSON.parse(await readFile(join(folder, ".stargate/failed/bad.pdf.problem.json"), "utf8"))).toEqual(problem);
    expect(await inState("work")).toEqual([]);
  });

  it("offers again after a restart what was neither acknowledged nor rejected, with the same id", async () => {
    await drop("a.txt");
    const first = open();
    const before = await nextItem(first.items);
    first.stop();
    await first.items.return(undefined);
    const after = await nextItem(open().items);
    expect({ id: after.id, name: after.name, text: await after.value.text() }).toEqual({
      id: before.id,
      name: "a.txt",
      text: "content of a.txt",
    });
  });

  it("takes a new file of the same name while the first is still in work", async () => {
    await drop("a.txt", "one");
    const { items } = open();
    const first = await nextItem(items);
    await drop("a.txt", "two");
    const second = await nextItem(items);
    expect([await first.value.text(), await second.value.text()]).toEqual(["one", "two"]);
    expect(second.id).not.toBe(first.id);
  });

  it("takes a file again that somebody went on writing after it was taken", async () => {
    await drop("slow.txt", "half");
    await link(join(folder, "slow.txt"), join(folder, ".writer")); // a writer that still holds the file
    const { items, log } = open();
    const half = await nextItem(items);
    await writeFile(join(folder, ".writer"), "half and the rest");
    await half.ack();
    expect(log.lines).toEqual(["A file changed after it was taken; it is taken again"]);
    expect(await (await nextItem(items)).value.text()).toBe("half and the rest");
  });

  it("keeps an odd name whole and odd", async () => {
    const name = 'Scan 2026-01-01 "Müller & Co" (1).txt';
    await drop(name);
    const item = await nextItem(open().items);
    await item.ack();
    expect([item.name, await inState("done")]).toEqual([name, [name]]);
  });

  it("refuses a second process on the same folder, and frees the folder when it ends", async () => {
    await drop("a.txt");
    const first = open();
    await nextItem(first.items);
    await expect(open().items.next()).rejects.toMatchObject({
      code: "SG_CONNECTOR_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    first.stop();
    await first.items.return(undefined);
    expect((await nextItem(open().items)).name).toBe("a.txt");
  });

  it("says which folder is missing", async () => {
    const missing = join(folder, "nowhere");
    await expect(open({ folder: missing }).items.next()).rejects.toMatchObject({
      code: "SG_CONNECTOR_FOLDER",
      retryable: true,
      message: expect.stringContaining(missing) as string,
    });
  });

  it("ends when its signal aborts while it waits", async () => {
    const { items, stop } = open({ pollMs: 3_600_000 });
    const next = items.next();
    stop();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("survives a file that vanishes between two looks", async () => {
    const clock = createFakeClock();
    await drop("a.txt");
    await drop("b.txt");
    const { items } = open({ clock, stableMs: 100, pollMs: 100 });
    const next = nextItem(items);
    await waitingFor(clock);
    await rename(join(folder, "a.txt"), join(folder, ".gone"));
    await letTimePass(clock, next);
    expect((await next).name).toBe("b.txt");
  });
});

/** The source has looked and now waits for time to pass; events of the file system may make it look again. */
async function waitingFor(clock: FakeClock): Promise<void> {
  await expect.poll(() => clock.pendingTimers, { interval: 1 }).toBeGreaterThan(0);
}

/** Advances the clock whenever the source waits, until it has offered something. */
async function letTimePass(clock: FakeClock, until: Promise<unknown>): Promise<void> {
  let over = false;
  void until.finally(() => (over = true));
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.pendingTimers > 0) await clock.advance(100);
  }
}
