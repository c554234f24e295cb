import { openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { defineTask, StargateError, type OffloadTask } from "@stargate/kernel";
import { openFileBlob } from "../file-blob.ts";
import { createOffloadPool, type OffloadPool, type OffloadPoolOptions } from "./offload-pool.ts";

const task = <Input, Output>(name: string): OffloadTask<Input, Output> =>
  defineTask<Input, Output>({ base: import.meta.url, module: "../../../test/support/offload-tasks", export: name });

const pools: OffloadPool[] = [];
function open(options: OffloadPoolOptions = {}): OffloadPool {
  const pool = createOffloadPool({ maxWorkers: 1, ...options });
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close({ drainMs: 0 });
});

const rejection = async (promise: Promise<unknown>): Promise<StargateError> => {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(StargateError);
  return outcome as StargateError;
};

describe.each(["thread", "process"] as const)("worker pool of isolation %s", (isolation) => {
  it("runs a task of a TypeScript module and gives its result back", async () => {
    expect(await open({ isolation }).offload(task<number, number>("double"), 21)).toBe(42);
  });

  it("keeps a worker warm between tasks", async () => {
    const { offload } = open({ isolation });
    expect(await offload(task("countCalls"), null)).toBe(1);
    expect(await offload(task("countCalls"), null)).toBe(2);
  });

  it("replaces a worker after its number of tasks", async () => {
    const { offload, status } = open({ isolation, maxTasksPerWorker: 2 });
    const counts: unknown[] = [];
    for (let index = 0; index < 4; index += 1) counts.push(await offload(task("countCalls"), null));
    expect(counts).toEqual([1, 2, 1, 2]);
    expect(status().replaced).toBe(2);
  });

  it("replaces a worker that holds more than its ceiling after a task", async () => {
    const { offload } = open({ isolation, maxWorkerBytes: 64 * 1024 ** 2 });
    const bytes = new Uint8Array(80 * 1024 ** 2);
    await offload(task("countCalls"), null);
    await offload(task("identity"), bytes);
    expect(await offload(task("countCalls"), null)).toBe(1);
  });

  it("gives what a task says is to be moved, which a thread does not have any more", async () => {
    const { offload } = open({ isolation });
    const move = () => offload(task<number, { bytes: Uint8Array; left: number }>("moveBytes"), 5);
    expect((await move()).bytes).toEqual(new Uint8Array(5).fill(7));
    expect((await move()).left).toBe(isolation === "thread" ? 0 : 5);
  });

  it("keeps code, hint, flags, details and cause of a Stargate error", async () => {
    const error = await rejection(open({ isolation }).offload(task("failWithCode"), null));
    expect(error).toMatchObject({
      code: "SG_TEST_BROKEN",
      message: "It broke at 7",
      hint: "Turn it off and on.",
      status: 418,
      retryable: true,
      public: true,
      details: { at: 7 },
    });
    expect((error.cause as Error).message).toContain("deep down");
  });

  it("turns any other error into SG_RUN_FAILED with the task's name", async () => {
    const error = await rejection(open({ isolation }).offload(task("failPlainly"), null));
    expect(error).toMatchObject({ code: "SG_RUN_FAILED", public: false });
    expect(error.message).toContain('task "failPlainly"');
    expect(error.message).toContain("not a function");
  });

  it("rejects an unknown export by its name", async () => {
    const error = await rejection(open({ isolation }).offload(task("missing"), null));
    expect(error.message).toContain('exports no function "missing"');
  });

  it("rejects the task of a worker that ends, and works on with a new one", async () => {
    const { offload, status } = open({ isolation });
    const error = await rejection(offload(task("leaveProcess"), null));
    expect(error).toMatchObject({ code: "SG_OFFLOAD_FAILED", retryable: true });
    expect(error.message).toContain("exit code 3");
    expect(await offload(task<number, number>("double"), 1)).toBe(2);
    expect(status()).toMatchObject({ workers: 1, started: 2, replaced: 1 });
  });

  it("survives a worker that fills its heap", { timeout: 60_000 }, async () => {
    const { offload } = open({ isolation, maxWorkerBytes: 64 * 1024 ** 2 });
    expect(await rejection(offload(task("fillHeap"), null))).toMatchObject({ code: "SG_OFFLOAD_FAILED" });
    expect(await offload(task<number, number>("double"), 1)).toBe(2);
  });

  it("passes progress messages on in order, before the result", async () => {
    const seen: unknown[] = [];
    const abort = new AbortController();
    const { offload } = open({ isolation });
    const running = offload(task("untilAborted"), null, {
      signal: abort.signal,
      onProgress: (message) => (seen.push(message), abort.abort()),
    });
    expect(await rejection(running)).toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(seen).toEqual(["begun"]);
  });

  it("keeps the worker of an aborted task that ends within its grace time", async () => {
    const abort = new AbortController();
    const { offload, status } = open({ isolation, abortGraceMs: 15_000 });
    await rejection(offload(task("untilAborted"), null, { signal: abort.signal, onProgress: () => abort.abort() }));
    expect(await offload(task<number, number>("double"), 2)).toBe(4);
    expect(status()).toMatchObject({ started: 1, replaced: 0 });
  });

  it("terminates the worker of an aborted task that does not look up", async () => {
    const abort = new AbortController();
    const { offload, status } = open({ isolation, abortGraceMs: 10 });
    await rejection(offload(task("spin"), null, { signal: abort.signal, onProgress: () => abort.abort() }));
    expect(await offload(task<number, number>("double"), 2)).toBe(4);
    expect(status()).toMatchObject({ started: 2, replaced: 1 });
  });

  it("gives up a task that outlives its time limit", async () => {
    const { offload } = open({ isolation, abortGraceMs: 10 });
    const error = await rejection(offload(task("spin"), null, { timeoutMs: 300 }));
    expect(error).toMatchObject({ code: "SG_RUN_DEADLINE" });
    expect(error.message).toContain("300 ms");
  });

  it("carries Blobs in memory in both directions", async () => {
    const { offload } = open({ isolation });
    expect(await offload(task("readBlob"), { blob: new Blob(["in memory"], { type: "text/plain" }) })).toEqual({
      text: "in memory",
      size: 9,
      type: "text/plain",
    });
    const made = await offload(task<string, { blobs: readonly Blob[] }>("makeBlob"), "from there");
    expect(await made.blobs[0]?.text()).toBe("from there");
    expect(made.blobs[0]?.type).toBe("text/plain");
  });
});

describe("file-backed Blobs in the worker pool", () => {
  let folder = "";
  let path = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stargate-pool-"));
    path = join(folder, "letters.txt");
    await writeFile(path, "abcdefghijklmnopqrstuvwxyz");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(["thread", "process"] as const)("cross with their type, whole and sliced (%s)", async (isolation) => {
    const { offload } = open({ isolation });
    const blob = await openFileBlob(path, "text/plain");
    expect(await offload(task("readBlob"), { blob })).toEqual({
      text: "abcdefghijklmnopqrstuvwxyz",
      size: 26,
      type: "text/plain",
    });
    expect(await offload(task("readBlob"), { blob: blob.slice(2, 10).slice(-3, -1, "text/x") })).toEqual({
      text: "hi",
      size: 2,
      type: "text/x",
    });
  });

  it("cross by their bytes when they are not the host's own", async () => {
    const { offload } = open();
    const blob = await openAsBlob(path);
    for (const foreign of [blob, blob.slice(0, 26, "text/plain"), new Blob([blob], { type: "text/plain" })]) {
      expect(await offload(task("readBlob"), { blob: foreign })).toEqual({
        text: "abcdefghijklmnopqrstuvwxyz",
        size: 26,
        type: foreign.type,
      });
    }
  });

  it("come back as file-backed Blobs of the same range", async () => {
    const { offload } = open();
    const blob = (await openFileBlob(path)).slice(24);
    const back = await offload(task<{ nested: readonly Blob[] }, { nested: readonly Blob[] }>("identity"), {
      nested: [blob],
    });
    expect(await back.nested[0]?.text()).toBe("yz");
  });
});

describe("queue of the worker pool", () => {
  it("moves transferred buffers", async () => {
    const { offload } = open();
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await offload(task("identity"), bytes, { transfer: [bytes.buffer] })).toEqual(new Uint8Array([1, 2, 3]));
    expect(bytes.byteLength).toBe(0);
  });

  it("runs tasks first come first served, one per worker at a time", async () => {
    const { offload, status } = open();
    const ended: number[] = [];
    const all = Array.from({ length: 20 }, (_, index) => offload(task("double"), index).then(() => ended.push(index)));
    expect(status()).toMatchObject({ workers: 1, busy: 1, queued: 19 });
    await Promise.all(all);
    expect(ended).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it("runs as many tasks at once as it has workers", async () => {
    const { offload, status } = open({ maxWorkers: 2, abortGraceMs: 10 });
    const abort = new AbortController();
    let begun = 0;
    const running = [1, 2].map(() =>
      offload(task("untilAborted"), null, {
        signal: abort.signal,
        onProgress: () => {
          begun += 1;
          if (begun === 2) abort.abort();
        },
      }),
    );
    expect(status()).toMatchObject({ workers: 2, busy: 2, queued: 0 });
    for (const outcome of await Promise.allSettled(running)) expect(outcome.status).toBe("rejected");
  });

  it("refuses more than its bound with a retryable error", async () => {
    const { offload } = open({ maxQueued: 1 });
    const accepted = [offload(task("double"), 1), offload(task("double"), 2)];
    expect(await rejection(offload(task("double"), 3))).toMatchObject({ code: "SG_OFFLOAD_BUSY", retryable: true });
    expect(await Promise.all(accepted)).toEqual([2, 4]);
  });

  it("drops a waiting task at once when it is aborted", async () => {
    const { offload, status } = open({ abortGraceMs: 10 });
    const abort = new AbortController();
    const first = new AbortController();
    const busy = offload(task("spin"), null, { signal: first.signal });
    const waiting = offload(task("double"), 1, { signal: abort.signal });
    abort.abort();
    expect(await rejection(waiting)).toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(status().queued).toBe(0);
    first.abort();
    await rejection(busy);
  });

  it("hands the caller's own Stargate reason on", async () => {
    const abort = new AbortController();
    const { offload } = open();
    const reason = await rejection(offload(task("failWithCode"), null));
    abort.abort(reason);
    expect(await rejection(offload(task("double"), 1, { signal: abort.signal }))).toBe(reason);
  });

  it("rejects an input that cannot be cloned and keeps the worker", async () => {
    const { offload, status } = open();
    expect(await rejection(offload(task("identity"), { call: () => 1 }))).toMatchObject({ code: "SG_OFFLOAD_FAILED" });
    expect(await offload(task("double"), 4)).toBe(8);
    expect(status().started).toBe(1);
  });

  it("drains what it has taken before it closes, and takes nothing after", async () => {
    const pool = open();
    const running = [pool.offload(task("double"), 1), pool.offload(task("double"), 2), pool.offload(task("double"), 3)];
    await pool.close();
    expect(await Promise.all(running)).toEqual([2, 4, 6]);
    expect(await rejection(pool.offload(task("double"), 4))).toMatchObject({ code: "SG_OFFLOAD_FAILED" });
    expect(pool.status()).toMatchObject({ workers: 0, busy: 0 });
  });
});
