import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { digestBlob } from "./digest-blob.ts";
import { fileRangeOf, openFileBlob, openFileRange } from "./file-blob.ts";

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
let folder = "";
let path = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-blob-"));
  path = join(folder, "bytes");
  await writeFile(path, bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("slices of slices stay file-backed and equal slices in memory", async () => {
  const offset = fc.option(fc.integer({ min: -300, max: 300 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(offset, offset, offset, offset, async (start, end, innerStart, innerEnd) => {
      const slice = (await openFileBlob(path)).slice(start, end).slice(innerStart, innerEnd);
      const expected = await new Blob([bytes]).slice(start, end).slice(innerStart, innerEnd).bytes();
      expect(await slice.bytes()).toEqual(expected);
      const range = fileRangeOf(slice);
      expect(range).toBeDefined();
      expect(await (await openFileRange(range!, "")).bytes()).toEqual(expected);
    }),
  );
});

it("remembers nothing about Blobs in memory", () => {
  expect(fileRangeOf(new Blob(["a"]))).toBeUndefined();
});

it("digests a file-backed Blob as its bytes", async () => {
  expect(await digestBlob(await openFileBlob(path))).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
});
