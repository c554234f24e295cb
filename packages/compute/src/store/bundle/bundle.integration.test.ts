import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer } from "../../../../../test/support/model-server.ts";
import { fileOf, flipped, idle, modelBytes, openStoreKit, refusalOf, specOf } from "../../../test/store/store-kit.ts";
import { MANIFEST_NAME } from "./bundle-manifest.ts";
import { writeTar } from "./tar-writer.ts";

const [weights, labels] = [modelBytes(30_000), Buffer.from("cat\ndog\n")];
let server: ModelServer;
let kit: Awaited<ReturnType<typeof openStoreKit>>;
beforeEach(async () => {
  server = await startModelServer();
  kit = await openStoreKit();
  server.files.set("/m", { body: weights });
  server.files.set("/labels", { body: labels });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

const pinned = () =>
  specOf("mine", [fileOf("m.onnx", weights, [server.url("/m")])], {
    assets: [fileOf("labels.txt", labels, [server.url("/labels")])],
  });
const unpinned = () => specOf("loose", [{ ...fileOf("m.onnx", weights, [server.url("/m")]), sha256: null }]);

/** A machine without a network and without models. */
const elsewhere = (name: string) => kit.open({ folder: join(kit.directory, name), fetch: undefined });
const load = (store: ReturnType<typeof elsewhere>, path: string, isAccepted = false) =>
  store.load(createReadStream(path), { ...idle, isAccepted });

async function bundled(): Promise<string> {
  const store = kit.open({ models: [pinned(), unpinned()] });
  for (const spec of [pinned(), unpinned()]) await store.pull(spec, spec.variants[0]!, { ...idle, accept: "first" });
  const path = join(kit.directory, "models.tar");
  await store.bundle(path, [pinned(), unpinned()], idle);
  return path;
}

async function* tarOf(entries: Readonly<Record<string, Uint8Array | string>>): AsyncGenerator<Uint8Array> {
  yield* writeTar(
    Object.entries(entries).map(([name, content]) => {
      const body = Buffer.from(content);
      return { name, sizeBytes: body.byteLength, body: [body] };
    }),
  );
}

describe("a bundle", () => {
  test("carries models to a machine without a network", async () => {
    const path = await bundled();
    const store = elsewhere("air-gapped");
    const seen: number[] = [];
    const result = await store.load(createReadStream(path), {
      ...idle,
      isAccepted: false,
      onProgress: ({ doneBytes }) => seen.push(doneBytes),
    });
    expect(result).toMatchObject({ newBlobs: 2, unaccepted: ["loose"] });
    expect(Math.max(...seen)).toBe(weights.length);
    const located = await store.locate(pinned(), pinned().variants[0]!, idle);
    expect(await readFile(located.paths["m.onnx"]!)).toEqual(weights);
    const assets = await store.locateAssets(pinned(), idle);
    expect(await readFile(assets["labels.txt"]!)).toEqual(labels);
  });

  test("says what is in it and how to recognise it", async () => {
    const path = join(kit.directory, "models.tar");
    const store = kit.open();
    await store.pull(pinned(), pinned().variants[0]!, idle);
    const { models, sizeBytes, sha256 } = await store.bundle(path, [pinned()], idle);
    const bytes = await readFile(path);
    expect({ sizeBytes, sha256 }).toEqual({ sizeBytes: bytes.length, sha256: sha256Of(bytes) });
    expect(models.map(({ variant, files }) => [variant, files[0]?.name])).toEqual([
      ["fp32", "m.onnx"],
      [null, "labels.txt"],
    ]);
    expect((await readdir(kit.directory)).toSorted()).toEqual(["models.tar", "store"]);
  });

  test("takes files from the operator's folders as well", async () => {
    await mkdir(join(kit.directory, "models"));
    await writeFile(join(kit.directory, "models", "m.onnx"), weights);
    const store = kit.open({ folders: [join(kit.directory, "models")], fetch: undefined });
    const path = join(kit.directory, "models.tar");
    expect((await store.bundle(path, [pinned()], idle)).models).toHaveLength(1); // its asset is not here
  });

  test("leaves it to the other machine to accept what has no declared digest", async () => {
    const path = await bundled();
    const store = elsewhere("air-gapped");
    await load(store, path);
    expect(await refusalOf(store.locate(unpinned(), unpinned().variants[0]!, idle))).toMatchObject({
      code: "SG_MODEL_UNPINNED",
      message: expect.stringContaining(`the one on this machine has ${sha256Of(weights)}`) as string,
    });
    await store.pull(unpinned(), unpinned().variants[0]!, { ...idle, accept: "first" });
    expect(store.state(unpinned(), unpinned().variants[0]!)).toBe("ready");
    const trusting = elsewhere("trusting");
    expect((await load(trusting, path, true)).unaccepted).toEqual([]);
    await trusting.locate(unpinned(), unpinned().variants[0]!, idle);
  });

  test("is read whatever the order of its files, and a second time changes nothing", async () => {
    const manifest = JSON.stringify({
      format: "stargate-models/1",
      models: [
        {
          model: "mine",
          version: "1.0.0",
          licence: "MIT",
          variant: "fp32",
          files: [{ name: "m.onnx", sha256: sha256Of(weights), sizeBytes: weights.length, isPinned: true }],
        },
      ],
    });
    const entries = { [`./blobs/sha256/${sha256Of(weights)}`]: weights, [MANIFEST_NAME]: manifest };
    const store = elsewhere("air-gapped");
    expect((await store.load(tarOf(entries), { ...idle, isAccepted: false })).newBlobs).toBe(1);
    expect((await store.load(tarOf(entries), { ...idle, isAccepted: false })).newBlobs).toBe(0);
  });

  test("of nothing is refused", async () => {
    expect(await refusalOf(kit.open().bundle(join(kit.directory, "x.tar"), [pinned()], idle))).toMatchObject({
      code: "SG_MODEL_ABSENT",
      message: "None of these models is on this machine: mine",
    });
  });
});

describe("a bundle is refused", () => {
  test("when one of its bytes is flipped, or what it brings is right all the same", async () => {
    const path = await bundled();
    const bytes = await readFile(path);
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (position) => {
        number += 1;
        const store = elsewhere(`machine-${number}`);
        await writeFile(path, flipped(bytes, position));
        const { code } = await refusalOf(load(store, path));
        expect(["SG_MODEL_BUNDLE", "SG_MODEL_DIGEST", "none"]).toContain(code);
        const verified = await store.verify({ ...idle, specs: [] });
        expect(verified.filter(({ status }) => status !== "ok")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("with both digests when a byte of a model is flipped", async () => {
    const path = await bundled();
    const bytes = await readFile(path);
    const position = bytes.indexOf(weights.subarray(0, 32)) + 7;
    await writeFile(path, flipped(bytes, position));
    await expect(load(elsewhere("air-gapped"), path)).rejects.toMatchObject({
      code: "SG_MODEL_DIGEST",
      details: { expected: sha256Of(weights), actual: sha256Of(flipped(weights, 7)) },
    });
    expect(await readdir(join(kit.directory, "air-gapped", "tmp"))).toEqual([]);
  });

  const empty = '{"format":"stargate-models/1","models":[]}';
  const gap = JSON.stringify({
    format: "stargate-models/1",
    models: [
      {
        model: "mine",
        version: "1.0.0",
        licence: "MIT",
        variant: null,
        files: [{ name: "m.onnx", sha256: sha256Of(weights), sizeBytes: 1, isPinned: true }],
      },
    ],
  });
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ["without a manifest", {}, "The archive has no manifest.json: it is no bundle"],
    ["with other files", { "evil.sh": "" }, 'The archive holds "evil.sh", which is no part of a bundle'],
    ["with a manifest that is none", { [MANIFEST_NAME]: "{" }, "The manifest of the bundle is no JSON"],
    [
      "of a later format",
      { [MANIFEST_NAME]: empty.replace("/1", "/2") },
      "The manifest of the bundle is not one: format",
    ],
    [
      "that lacks a file it names",
      { [MANIFEST_NAME]: gap },
      'names file "m.onnx" of model "mine" and does not hold it',
    ],
  ])("%s", async (_name, entries, message) => {
    const refusal = await refusalOf(elsewhere("air-gapped").load(tarOf(entries), { ...idle, isAccepted: false }));
    expect(refusal).toMatchObject({ code: "SG_MODEL_BUNDLE", message: expect.stringContaining(message) as string });
  });
});
