import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256Of } from "../../../../../test/support/model-server.ts";
import { createVerifiedFiles } from "./verified-files.ts";

const { signal } = new AbortController();
const [first, second] = [Buffer.from("weights"), Buffer.from("Weights")];
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-verified-"));
  path = join(folder, "m.onnx");
  await write(first);
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes content of the same length under the same date. */
async function write(body: Buffer): Promise<void> {
  await writeFile(path, body);
  await utimes(path, 1_000_000, 1_000_000);
}

test("a file is read once until it changes, and what was seen is remembered", async () => {
  const verified = createVerifiedFiles();
  expect(verified.seen(path)).toBeUndefined();
  expect(await verified.digest(path, signal)).toBe(sha256Of(first));
  expect(verified.seen(path)).toBe(sha256Of(first));
  const aborted = AbortSignal.abort();
  expect(await verified.digest(path, aborted)).toBe(sha256Of(first)); // reading would have been cancelled
});

test("a change is noticed although size and date are as before", async () => {
  const verified = createVerifiedFiles();
  await verified.digest(path, signal);
  await write(second);
  expect(await verified.digest(path, signal)).toBe(sha256Of(second));
});

test("a file that is gone has no digest, and neither has a folder", async () => {
  const verified = createVerifiedFiles();
  await verified.digest(path, signal);
  await rm(path);
  expect(await verified.digest(path, signal)).toBeUndefined();
  expect(verified.seen(path)).toBeUndefined();
  expect(await verified.digest(folder, signal)).toBeUndefined();
});
