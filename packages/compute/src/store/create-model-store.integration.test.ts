import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer } from "../../../../test/support/model-server.ts";
import { fileOf, flipped, idle, modelBytes, openStoreKit, refusalOf, specOf } from "../../test/store/store-kit.ts";
import type { ManagedModelStore } from "./managed-model-store.ts";
import type { PullProgress } from "./model-store.ts";

const body = modelBytes(100_000);
const sha256 = sha256Of(body);
const other = flipped(body);

let server: ModelServer;
let kit: Awaited<ReturnType<typeof openStoreKit>>;
beforeEach(async () => {
  server = await startModelServer();
  kit = await openStoreKit();
  server.files.set("/m", { body });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

const file = (): ModelFile => fileOf("m.onnx", body, [server.url("/m")]);
const pinned = (): ModelSpec => specOf("mine", [file()]);
const unpinned = (): ModelSpec => specOf("loose", [{ ...file(), sha256: null, sizeBytes: null }]);
const blobPath = (): string => join(kit.folder, "blobs", "sha256", sha256);

function pull(store: ManagedModelStore, spec: ModelSpec, accept?: "first" | "renew") {
  return store.pull(spec, spec.variants[0]!, { ...idle, accept });
}
const locate = (store: ManagedModelStore, spec: ModelSpec) => store.locate(spec, spec.variants[0]!, idle);
const state = (store: ManagedModelStore, spec: ModelSpec) => store.state(spec, spec.variants[0]!);

/** Changes one bit of a file; who looks at size and time alone sees nothing. */
async function damage(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await chmod(path, 0o644);
  await writeFile(path, flipped(await readFile(path)));
  await utimes(path, atime, mtime);
}

describe("a store", () => {
  test("keeps a pulled file under its digest and finds it again without a network", async () => {
    const spec = pinned();
    await pull(kit.open(), spec);
    const store = kit.open({ fetch: undefined });
    expect(state(store, spec)).toBe("ready");
    const located = await locate(store, spec);
    expect(located.paths).toEqual({ "m.onnx": blobPath() });
    expect(located.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await readFile(blobPath())).toEqual(body);
    expect((await stat(blobPath())).mode & 0o222).toBe(0);
  });

  test("keeps one file that two models share once", async () => {
    const store = kit.open();
    await pull(store, pinned());
    await pull(store, specOf("twin", [file()]));
    expect(server.asked).toHaveLength(1);
  });

  test("downloads once what many ask for at once, and tells each how far it is", async () => {
    const store = kit.open({ policy: { mode: "any" } });
    const spec = pinned();
    const seen: PullProgress[][] = [[], []];
    const call = (index: number) => ({ ...idle, onProgress: (progress: PullProgress) => seen[index]!.push(progress) });
    const [one, two] = await Promise.all([0, 1].map((index) => store.locate(spec, spec.variants[0]!, call(index))));
    expect(one).toEqual(two);
    expect(server.asked).toHaveLength(1);
    const end = { model: "mine", file: "m.onnx", doneBytes: body.length, totalBytes: body.length };
    expect(seen.map((progress) => progress.at(-1))).toEqual([end, end]);
  });

  test("finds assets apart from variants", async () => {
    const spec = specOf("mine", [file()], { assets: [fileOf("labels.txt", other, [server.url("/labels")])] });
    server.files.set("/labels", { body: other });
    const store = kit.open();
    await pull(store, spec);
    expect(await store.locateAssets(spec, idle)).toEqual({
      "labels.txt": join(kit.folder, "blobs", "sha256", sha256Of(other)),
    });
  });

  test("needs no file for a model on somebody else's server", async () => {
    const spec = specOf("remote", []);
    const store = kit.open();
    expect(state(store, spec)).toBe("ready");
    expect(await locate(store, spec)).toMatchObject({ paths: {}, digest: null });
  });

  test("asks a mirror first", async () => {
    server.files.set("/mirror/m", { body });
    const spec = specOf("mine", [fileOf("m.onnx", body, ["https://models.example/m"])]);
    await pull(kit.open({ mirrors: { "https://models.example/": server.url("/mirror/") } }), spec);
    expect(server.asked.map(({ path }) => path)).toEqual(["/mirror/m"]);
  });

  test("refuses a download that the disk has no place for", async () => {
    const store = kit.open({ freeBytes: () => Promise.resolve(99_999) });
    expect(await refusalOf(pull(store, pinned()))).toMatchObject({
      code: "SG_MODEL_DISK",
      message: `100000 more bytes are needed in ${kit.folder}, and 99999 are free`,
    });
  });

  test("says which folder cannot be used", async () => {
    await kit.write("store", "a file where a folder should be");
    expect(await refusalOf(pull(kit.open(), pinned()))).toMatchObject({
      code: "SG_MODEL_FOLDER",
      message: expect.stringContaining(kit.folder) as string,
    });
  });
});

describe("what may be fetched", () => {
  test("is nothing at run time unless the operator allows it; the error gives the one command to run", async () => {
    const spec = specOf("mine", [], {
      variants: [
        { name: "fp32", quality: 1, files: [file()] },
        { name: "int8", quality: 0.9, files: [{ ...file(), name: "q.onnx" }] },
      ],
    });
    const store = kit.open();
    expect(store.state(spec, spec.variants[1]!)).toBe("absent");
    expect(await refusalOf(store.locate(spec, spec.variants[1]!, idle))).toEqual({
      code: "SG_MODEL_ABSENT",
      message: 'File "q.onnx" of model "mine" is not on this machine',
      hint: "Run stargate models pull mine --variant int8",
    });
    expect(server.asked).toEqual([]);
  });

  test("is what the allow-list names", async () => {
    const store = kit.open({ policy: { mode: "allowed", allow: ["mine"] } });
    expect(state(store, pinned())).toBe("fetchable");
    expect(state(store, specOf("yours", [file()]))).toBe("absent");
    await locate(store, pinned());
    expect((await refusalOf(locate(store, specOf("yours", [{ ...file(), sha256: "0".repeat(64) }])))).code).toBe(
      "SG_MODEL_ABSENT",
    );
  });

  test("is nothing at all when the operator says never, not even by a pull", async () => {
    const store = kit.open({ policy: { mode: "never" } });
    expect(await refusalOf(pull(store, pinned()))).toEqual({
      code: "SG_MODEL_ABSENT",
      message: 'File "m.onnx" of model "mine" is not on this machine, and models.fetch is "never"',
      hint: "Put the file as mine/m.onnx into a folder that STARGATE_MODELS or models.folders names, or run stargate models load <bundle>.",
    });
    expect(server.asked).toEqual([]);
  });

  test("is nothing that has no address", async () => {
    const spec = specOf("mine", [{ ...file(), urls: [] }]);
    expect(await refusalOf(pull(kit.open(), spec))).toMatchObject({
      code: "SG_MODEL_ABSENT",
      message: 'File "m.onnx" of model "mine" is not on this machine, and no address of it is known',
    });
  });
});

describe("a file in the operator's folders", () => {
  const places = ["mine/fp32/m.onnx", "mine/m.onnx", "m.onnx", `blobs/sha256/${sha256}`];
  test.each(places)("is used where it lies: %s", async (place) => {
    const path = join(kit.directory, "models", place);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, body);
    const store = kit.open({ folders: [join(kit.directory, "models")] });
    expect(state(store, pinned())).toBe("ready");
    expect((await locate(store, pinned())).paths).toEqual({ "m.onnx": path });
    await expect(readdir(kit.folder)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is used where its file URL says", async () => {
    const path = await kit.write("here.onnx", body);
    const spec = specOf("mine", [{ ...file(), urls: [pathToFileURL(path).href] }]);
    expect((await locate(kit.open(), spec)).paths).toEqual({ "m.onnx": path });
  });

  test("with other bytes is passed over for one with the right ones", async () => {
    const folders = ["a", "b"].map((name) => join(kit.directory, name));
    for (const [index, folder] of folders.entries()) {
      await mkdir(folder);
      await writeFile(join(folder, "m.onnx"), index === 0 ? other : body);
    }
    expect((await locate(kit.open({ folders }), pinned())).paths).toEqual({ "m.onnx": join(folders[1]!, "m.onnx") });
  });

  test("with one flipped byte is refused before anything loads it, and left alone", async () => {
    const path = await kit.write("m.onnx", other);
    const store = kit.open({ folders: [kit.directory] });
    const spec = pinned();
    expect(state(store, spec)).toBe("ready"); // nobody has read it yet
    expect(await refusalOf(locate(store, spec))).toEqual({
      code: "SG_MODEL_DIGEST",
      message: `File "m.onnx" of model "mine" has other bytes than it must have: sha256 ${sha256Of(other)}, expected ${sha256}. It is not used.`,
      hint: "Replace the file in the models folder, or run stargate models pull mine",
    });
    expect(await readFile(path)).toEqual(other);
    expect(state(store, pinned())).toBe("absent");
  });

  test("is read again when it has changed since, whatever its time says", async () => {
    const path = await kit.write("m.onnx", body);
    const store = kit.open({ folders: [kit.directory] });
    await store.pull(pinned(), pinned().variants[0]!, idle);
    await damage(path);
    expect((await refusalOf(locate(kit.open({ folders: [kit.directory], fetch: undefined }), pinned()))).code).toBe(
      "SG_MODEL_DIGEST",
    );
    expect((await pull(store, pinned())).files[0]).toMatchObject({ place: "store", isNew: true });
  });
});

describe("a stored file with one flipped byte", () => {
  test("is refused before anything loads it, and put into quarantine", async () => {
    await pull(kit.open(), pinned());
    await damage(blobPath());
    const store = kit.open();
    const spec = pinned();
    await expect(locate(store, spec)).rejects.toMatchObject({
      code: "SG_MODEL_DIGEST",
      message: `File "m.onnx" of model "mine" has other bytes than it must have: sha256 ${sha256Of(other)}, expected ${sha256}. It was put into quarantine.`,
      hint: "Run stargate models pull mine to get it anew, and check the disk.",
      details: { expected: sha256, actual: sha256Of(other) },
    });
    expect(await readdir(join(kit.folder, "quarantine"))).toEqual([`${sha256},${sha256Of(other)}`]);
    expect(state(store, pinned())).toBe("absent");
  });

  test("is noticed by a process that has verified it before", async () => {
    const store = kit.open();
    await pull(store, pinned());
    await locate(store, pinned());
    await damage(blobPath());
    expect((await refusalOf(locate(store, pinned()))).code).toBe("SG_MODEL_DIGEST");
  });

  test("is fetched anew where that is allowed", async () => {
    await pull(kit.open(), pinned());
    await damage(blobPath());
    await locate(kit.open({ policy: { mode: "any" } }), pinned());
    expect(await readFile(blobPath())).toEqual(body);
  });
});

describe("a file without a declared digest", () => {
  test("is not fetched until the operator accepts it", async () => {
    const store = kit.open({ policy: { mode: "any" } });
    expect(state(store, unpinned())).toBe("unaccepted");
    const refusal = {
      code: "SG_MODEL_UNPINNED",
      message: 'The sha256 of file "m.onnx" of model "loose" is not known',
      hint: "Run stargate models pull loose --accept to trust it from now on.",
    };
    expect(await refusalOf(locate(store, unpinned()))).toEqual(refusal);
    expect(await refusalOf(pull(store, unpinned()))).toEqual(refusal);
    expect(server.asked).toEqual([]);
  });

  test("is trusted on first use once accepted, and any other from then on refused", async () => {
    const store = kit.open();
    expect((await pull(store, unpinned(), "first")).files[0]).toMatchObject({ sha256, isAccepted: true, isNew: true });
    expect(state(kit.open(), unpinned())).toBe("ready");
    await rm(blobPath());
    server.files.set("/m", { body: other });
    expect(await refusalOf(pull(kit.open(), unpinned(), "first"))).toMatchObject({
      code: "SG_MODEL_DIGEST",
      message: expect.stringContaining(`(sha256 ${sha256})`) as string,
    });
    expect((await pull(kit.open(), unpinned(), "renew")).files[0]).toMatchObject({ sha256: sha256Of(other) });
  });

  test("is accepted by the configuration as well", async () => {
    const policy = { mode: "any", accept: ["loose"] } as const;
    expect(state(kit.open({ policy }), unpinned())).toBe("fetchable");
    await locate(kit.open({ policy }), unpinned());
    await damage(blobPath());
    server.files.set("/m", { body: other });
    expect((await refusalOf(locate(kit.open({ policy }), unpinned()))).code).toBe("SG_MODEL_DIGEST");
  });

  test("that lies in a folder is refused with the digest to declare", async () => {
    const path = await kit.write("m.onnx", body);
    const store = kit.open({ folders: [kit.directory], fetch: undefined });
    expect(await refusalOf(locate(store, unpinned()))).toEqual({
      code: "SG_MODEL_UNPINNED",
      message: `The sha256 of file "m.onnx" of model "loose" is not known; the one on this machine has ${sha256}`,
      hint: `Declare sha256: ${sha256} for it, or run stargate models pull loose --accept to trust it from now on.`,
    });
    await pull(store, unpinned(), "first");
    expect((await locate(store, unpinned())).paths).toEqual({ "m.onnx": path });
    await writeFile(path, other);
    expect(await refusalOf(locate(kit.open({ folders: [kit.directory] }), unpinned()))).toMatchObject({
      code: "SG_MODEL_DIGEST",
      message: expect.stringMatching(/accepted on \d{4}-\d\d-\d\d/) as string,
    });
  });
});

describe("names", () => {
  test("of models that do not exist are answered with the nearest", () => {
    const store = kit.open();
    expect(() => store.spec("pp-ocr-clss")).toThrow("There is no model \"pp-ocr-clss\" (did you mean 'pp-ocr-cls'?)");
  });

  test("of one model in several versions mean the newest", () => {
    const store = kit.open();
    store.declare(["1.9.0", "1.10.0", "1.2.0"].map((version) => specOf("mine", [file()], { version })));
    expect(store.spec("mine").version).toBe("1.10.0");
  });

  test("the operator declares stand for every other of that name", () => {
    const store = kit.open({ models: [specOf("silero-vad", [file()])] });
    store.declare([specOf("silero-vad", [], { version: "99.0.0" })]);
    expect(store.spec("silero-vad").variants[0]?.files).toEqual([file()]);
  });
});

test("a later declaration of the same version wins", () => {
  const store = kit.open();
  store.declare([specOf("mine", [])]);
  store.declare([specOf("mine", [file()])]);
  expect(store.specs.filter(({ id }) => id === "mine")).toEqual([specOf("mine", [file()])]);
});
