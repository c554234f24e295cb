import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log, StepResult } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openResultCache } from "./result-cache.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const resultOf = (value: unknown): StepResult => ({
  value,
  coverage: [["page", { done: 2, of: 3, missing: [{ what: "page 3", reason: "blank" }] }]],
  issues: [{ code: "X", message: "x" }],
  facts: { dpi: 300 },
  models: [{ model: "m", variant: "v", digest: "sha256:1" }],
});
const size = { sizeBytes: undefined };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-results-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a kept result", () => {
  test("comes back whole and as a copy: numbers, typed arrays and Blobs", async () => {
    const cache = await openResultCache({ clock: createFakeClock(), log });
    const vector = Float32Array.of(1, 2, 3);
    cache.put(
      "a",
      "k",
      resultOf({ vector, blob: new Blob(["hello"], { type: "text/plain" }), list: [null, 1n] }),
      size,
    );
    await cache.settled();
    vector[0] = 99;
    const kept = await cache.get("a", "k");
    const value = kept?.value as { vector: Float32Array; blob: Blob; list: unknown[] };
    expect(value.vector).toEqual(Float32Array.of(1, 2, 3));
    expect([await value.blob.text(), value.blob.type, value.list]).toEqual(["hello", "text/plain", [null, 1n]]);
    expect({ ...kept, value: 0 }).toEqual({ ...resultOf(0) });
  });

  test("belongs to its tenant", async () => {
    const cache = await openResultCache({ clock: createFakeClock(), log });
    cache.put("a", "k", resultOf(1), size);
    await cache.settled();
    expect(await cache.get("b", "k")).toBeUndefined();
  });

  test("is too old after a day", async () => {
    const clock = createFakeClock();
    const cache = await openResultCache({ clock, log, folder });
    cache.put("a", "k", resultOf(1), size);
    await cache.settled();
    await clock.advance(24 * 3_600_000 + 1);
    expect(await cache.get("a", "k")).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  test("outlives the process where there is a folder", async () => {
    const clock = createFakeClock();
    const first = await openResultCache({ clock, log, folder });
    first.put("a", "k", resultOf("kept"), size);
    await first.settled();
    const second = await openResultCache({ clock, log, folder });
    expect((await second.get("a", "k"))?.value).toBe("kept");
  });
});

describe("what is not kept", () => {
  test.for([
    ["an instance of a class", new Map([[1, 2]])],
    ["a function", { run: () => 1 }],
    ["more bytes than one result may have", new Blob([new Uint8Array(2000)])],
    ["an array of more bytes than that", new Uint8Array(2000)],
  ] as const)("%s", async ([, value]) => {
    const cache = await openResultCache({ clock: createFakeClock(), log, maxEntryBytes: 1500 });
    cache.put("a", "k", resultOf(value), size);
    await cache.settled();
    expect(await cache.get("a", "k")).toBeUndefined();
  });

  test("a file that is damaged", async () => {
    const clock = createFakeClock();
    const first = await openResultCache({ clock, log, folder });
    first.put("a", "k", resultOf("kept"), size);
    await first.settled();
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), "half a fi");
    const second = await openResultCache({ clock, log, folder });
    expect(await second.get("a", "k")).toBeUndefined();
  });
});

test("memory and folder stay within their bounds, and what was used last stays", async () => {
  const clock = createFakeClock();
  const cache = await openResultCache({ clock, log, folder, maxMemoryBytes: 5000, maxFolderBytes: 50_000 });
  for (let index = 0; index < 40; index++) {
    cache.put("a", `k${index}`, resultOf(new Uint8Array(2000)), size);
    await cache.settled();
  }
  expect((await readdir(folder)).length).toBeLessThanOrEqual(25);
  expect(await cache.get("a", "k39")).toBeDefined();
  expect(await cache.get("a", "k0")).toBeUndefined();
});
