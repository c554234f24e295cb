import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openJournalServiceStore } from "./journal-service-store.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-journal-"));
  path = join(folder, "state", "services.journal");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("knows nothing at first", async () => {
  const store = await openJournalServiceStore({ path });
  expect([await store.load("inbox"), await store.isDone("inbox", "a")]).toEqual([null, false]);
  await store.close();
});

it("remembers position and keys of each service over a restart", async () => {
  const first = await openJournalServiceStore({ path });
  await first.save("inbox", { cursor: { topic: "a", offset: 1 }, done: "k1" });
  await first.save("other", { cursor: 7 });
  await first.save("inbox", { cursor: { topic: "a", offset: 2 }, done: "k2" });
  await first.close();
  const second = await openJournalServiceStore({ path });
  expect([await second.load("inbox"), await second.load("other")]).toEqual([{ topic: "a", offset: 2 }, 7]);
  expect(await Promise.all(["k1", "k2", "k3"].map((key) => second.isDone("inbox", key)))).toEqual([true, true, false]);
  expect(await second.isDone("other", "k1")).toBe(false);
  await second.close();
});

it("survives a crash at every byte: what was saved stays, a torn line does not count, and it goes on from there", async () => {
  const store = await openJournalServiceStore({ path });
  const ends: number[] = [0];
  for (const key of ["ä1", "b2", "c3"]) {
    await store.save("inbox", { cursor: key, done: key });
    ends.push((await stat(path)).size);
  }
  await store.close();
  const whole = await readFile(path);
  for (let size = 0; size <= whole.byteLength; size += 1) {
    await writeFile(path, whole);
    await truncate(path, size);
    const torn = await openJournalServiceStore({ path });
    const saved = ["ä1", "b2", "c3"].filter((_, index) => (ends[index + 1] ?? 0) <= size);
    expect(await torn.load("inbox")).toBe(saved.at(-1) ?? null);
    await torn.save("inbox", { cursor: "next", done: "next" });
    await torn.close();
    const after = await openJournalServiceStore({ path });
    expect([await after.load("inbox"), await after.isDone("inbox", "next")]).toEqual(["next", true]);
    expect(await Promise.all(saved.map((key) => after.isDone("inbox", key)))).toEqual(saved.map(() => true));
    await after.close();
  }
});

it("drops everything from the first damaged line on", async () => {
  const store = await openJournalServiceStore({ path });
  await store.save("inbox", { cursor: 1 });
  await store.close();
  await appendFile(path, '{"s":"inbox"}\n{"s":"inbox","c":3}\n');
  const damaged = await openJournalServiceStore({ path });
  expect(await damaged.load("inbox")).toBe(1);
  await damaged.close();
});

it("stores many saves at once in the order they were made", async () => {
  const store = await openJournalServiceStore({ path });
  await Promise.all(
    Array.from({ length: 200 }, (_, index) => store.save("inbox", { cursor: index, done: `k${index}` })),
  );
  expect(await store.load("inbox")).toBe(199);
  await store.close();
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { c: number }).c)).toEqual(
    Array.from({ length: 200 }, (_, index) => index),
  );
});

it("forgets the oldest keys first and writes a long journal anew", async () => {
  const store = await openJournalServiceStore({ path, maxKeys: 10 });
  await Promise.all(
    Array.from({ length: 1500 }, (_, index) => store.save("inbox", { cursor: index, done: `k${index}` })),
  );
  await store.close();
  const before = (await stat(path)).size;
  const second = await openJournalServiceStore({ path, maxKeys: 10 });
  expect((await stat(path)).size).toBeLessThan(before / 10);
  expect([
    await second.load("inbox"),
    await second.isDone("inbox", "k1489"),
    await second.isDone("inbox", "k1490"),
  ]).toEqual([1499, false, true]);
  await second.close();
});
