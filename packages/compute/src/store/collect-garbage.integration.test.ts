import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer } from "../../../../test/support/model-server.ts";
import { fileOf, flipped, idle, modelBytes, openStoreKit, refusalOf, specOf } from "../../test/store/store-kit.ts";

const [oldBody, newBody] = [modelBytes(5000, 1), modelBytes(6000, 2)];
let server: ModelServer;
let kit: Awaited<ReturnType<typeof openStoreKit>>;
beforeEach(async () => {
  server = await startModelServer();
  kit = await openStoreKit();
  server.files.set("/old", { body: oldBody });
  server.files.set("/new", { body: newBody });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

const oldSpec = () => specOf("mine", [fileOf("m.onnx", oldBody, [server.url("/old")])]);
const newSpec = () => specOf("mine", [fileOf("m.onnx", newBody, [server.url("/new")])]);
/** Pulls with a store that is closed again, as the command does. */
async function pullOnce(spec: ReturnType<typeof oldSpec>, accept?: "first"): Promise<void> {
  const store = kit.open();
  await store.pull(spec, spec.variants[0]!, { ...idle, accept });
  await store.close();
}
const blobs = () => readdir(join(kit.folder, "blobs/sha256"));

test("a file that a model does not have any more is removed, the one it has stays", async () => {
  await pullOnce(oldSpec());
  await pullOnce(newSpec());
  const store = kit.open({ models: [newSpec()] });
  expect(await store.collectGarbage({ undeclared: false })).toEqual({
    removed: [{ name: `blob ${sha256Of(oldBody)}`, sizeBytes: 5000 }],
    inUse: [],
  });
  expect(await blobs()).toEqual([sha256Of(newBody)]);
});

test("files of models that nobody declares now stay until they are asked to go", async () => {
  await pullOnce(oldSpec());
  expect((await kit.open().collectGarbage({ undeclared: false })).removed).toEqual([]);
  expect((await kit.open().collectGarbage({ undeclared: true })).removed).toHaveLength(1);
  expect(await blobs()).toEqual([]);
});

test("what was accepted stays", async () => {
  const spec = specOf("mine", [{ ...fileOf("m.onnx", oldBody, [server.url("/old")]), sha256: null }]);
  await pullOnce(spec, "first");
  expect((await kit.open({ models: [spec] }).collectGarbage({ undeclared: true })).removed).toEqual([]);
});

test("abandoned downloads, quarantine and blobs of no known origin go", async () => {
  server.files.set("/old", { body: oldBody, statuses: Array.from({ length: 4 }, () => ({ status: 500 })) });
  await refusalOf(pullOnce(oldSpec()));
  await mkdir(join(kit.folder, "quarantine"));
  await writeFile(join(kit.folder, "quarantine", "abc,def"), flipped(oldBody));
  await mkdir(join(kit.folder, "blobs/sha256"), { recursive: true });
  await writeFile(join(kit.folder, "blobs/sha256", "0".repeat(64)), "?");
  const { removed } = await kit.open({ models: [oldSpec()] }).collectGarbage({ undeclared: false });
  expect(removed.map(({ name }) => name)).toEqual([
    `blob ${"0".repeat(64)}`,
    `unfinished download ${sha256Of(oldBody)}`,
    "quarantined abc",
  ]);
  expect(await readdir(join(kit.folder, "partials"))).toEqual([]);
});

test("a download that is under way stays", async () => {
  server.files.set("/old", { body: oldBody, stalls: [1000] });
  const abort = new AbortController();
  const spec = oldSpec();
  const pulling = kit.open().pull(spec, spec.variants[0]!, { signal: abort.signal });
  await server.stalled();
  expect((await kit.open().collectGarbage({ undeclared: true })).removed).toEqual([]);
  abort.abort();
  await refusalOf(pulling);
  expect((await kit.open().collectGarbage({ undeclared: true })).removed).toHaveLength(1);
});

test("an empty store has nothing to collect", async () => {
  expect(await kit.open().collectGarbage({ undeclared: true })).toEqual({ removed: [], inUse: [] });
});
