import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelSpec } from "@stargate/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256Of, startModelServer, type ModelServer } from "../../../../test/support/model-server.ts";
import { fileOf, idle, modelBytes, openStoreKit, specOf } from "../../test/store/store-kit.ts";

interface Message {
  readonly kind: "loaded" | "progress" | "done";
  readonly doneBytes?: number;
  readonly isNew?: readonly boolean[];
}

const body = modelBytes(300_000);
let server: ModelServer;
let kit: Awaited<ReturnType<typeof openStoreKit>>;
const children: ChildProcess[] = [];
beforeEach(async () => {
  server = await startModelServer();
  kit = await openStoreKit();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

/** A process that is ready to pull. */
async function load(spec: ModelSpec): Promise<ChildProcess> {
  const child = fork(new URL("../../test/store/pull-process.ts", import.meta.url), [kit.folder, JSON.stringify(spec)], {
    execArgv: ["--conditions=@stargate/source", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  expect((await once(child, "message"))[0]).toEqual({ kind: "loaded" });
  return child;
}

/** Resolves when the process says it is done, with which files were new. */
function done(child: ChildProcess): Promise<readonly boolean[] | undefined> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: Message) => {
      if (message.doneBytes !== undefined) server.received(message.doneBytes);
      if (message.kind === "done") resolve(message.isNew);
    });
    child.once("exit", (code) => reject(new RangeError(`The process ended with ${code}`)));
  });
}

test("two processes that pull the same model at once download it once", async () => {
  server.files.set("/m", { body, cuts: [100_000] });
  const spec = specOf("mine", [fileOf("m.onnx", body, [server.url("/m")])]);
  const both = await Promise.all([load(spec), load(spec)]);
  const answers = both.map(done);
  for (const child of both) child.send("go");
  expect(await Promise.all(answers)).toEqual([[true], [true]]);
  expect(await readFile(join(kit.folder, "blobs/sha256", sha256Of(body)))).toEqual(body);
  expect(server.sentBytes()).toBe(body.length);
  expect(await readdir(join(kit.folder, "partials"))).toEqual([]);
});

test("a download goes on where a killed process left it", async () => {
  server.files.set("/m", { body, stalls: [120_000] });
  const spec = specOf("mine", [fileOf("m.onnx", body, [server.url("/m")])]);
  const victim = await load(spec);
  victim.send("go");
  await new Promise<void>((resolve) =>
    victim.on("message", ({ doneBytes }: Message) => (doneBytes === 120_000 ? resolve() : undefined)),
  );
  victim.kill("SIGKILL");
  await once(victim, "exit");
  expect(await readdir(join(kit.folder, "blobs")).catch(() => [])).toEqual([]);

  const heir = await load(spec);
  heir.send("go");
  await done(heir);
  expect(server.asked.map(({ range }) => range)).toEqual([undefined, "bytes=120000-"]);
  expect(server.sentBytes()).toBe(body.length);
  expect(await readFile(join(kit.folder, "blobs/sha256", sha256Of(body)))).toEqual(body);
  expect(await readdir(join(kit.folder, "partials"))).toEqual([]);
});

test("a process that waits takes over when the one it waits for is killed", async () => {
  server.files.set("/m", { body, stalls: [120_000] });
  const spec = specOf("mine", [fileOf("m.onnx", body, [server.url("/m")])]);
  const [victim, heir] = [await load(spec), await load(spec)];
  victim.send("go");
  await server.stalled();
  heir.send("go");
  const waiting = new Promise<void>((resolve) => heir.once("message", () => resolve()));
  const taken = done(heir);
  await waiting; // it tells how far the other one is
  victim.kill("SIGKILL");
  expect(await taken).toEqual([true]);
  expect(server.asked).toHaveLength(2);
});

test("another process's garbage collection leaves alone what this one uses", async () => {
  server.files.set("/m", { body });
  const spec = specOf("mine", [fileOf("m.onnx", body, [server.url("/m")])]);
  const store = kit.open({ policy: { mode: "any" } });
  await store.locate(spec, spec.variants[0]!, idle);
  const collector = kit.open();
  const sha256 = sha256Of(body);
  expect(await collector.collectGarbage({ undeclared: true })).toEqual({ removed: [], inUse: [sha256] });
  await store.close();
  expect((await collector.collectGarbage({ undeclared: true })).removed).toEqual([
    { name: `blob ${sha256}`, sizeBytes: body.length },
  ]);
});
