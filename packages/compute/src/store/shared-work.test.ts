import { expect, test, vi } from "vitest";
import { createSharedWork, type WorkCaller } from "./shared-work.ts";

/** Work that ends when the test says so, and what it was told. */
function pending() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const callers: WorkCaller[] = [];
  const start = vi.fn((caller: WorkCaller) => {
    callers.push(caller);
    return promise;
  });
  return { start, resolve, callers };
}
const patient = { signal: new AbortController().signal };

test("what several want at once is done once, and anew when it is wanted again", async () => {
  const work = createSharedWork<string>();
  const { start, resolve } = pending();
  const both = Promise.all([work.run("a", patient, start), work.run("a", patient, start)]);
  resolve("done");
  expect(await both).toEqual(["done", "done"]);
  expect(start).toHaveBeenCalledTimes(1);
  await work.run("a", patient, start);
  expect(start).toHaveBeenCalledTimes(2);
});

test("different things do not wait for one another", async () => {
  const work = createSharedWork<string>();
  void work.run("slow", patient, pending().start);
  expect(await work.run("quick", patient, () => Promise.resolve("done"))).toBe("done");
});

test("whoever gives up leaves at once, and the others get what they wait for", async () => {
  const work = createSharedWork<string>();
  const { start, resolve, callers } = pending();
  const impatient = new AbortController();
  const left = work.run("a", { signal: impatient.signal }, start);
  const stays = work.run("a", patient, start);
  impatient.abort();
  await expect(left).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  expect(callers[0]?.signal.aborted).toBe(false);
  resolve("done");
  expect(await stays).toBe("done");
});

test("the work is cancelled when all have given up, and whoever comes then begins anew", async () => {
  const work = createSharedWork<string>();
  const { start, callers } = pending();
  const abort = new AbortController();
  const calls = [1, 2].map(() => work.run("a", { signal: abort.signal }, start));
  abort.abort();
  await Promise.allSettled(calls);
  expect(callers[0]?.signal.aborted).toBe(true);
  expect(await work.run("a", patient, () => Promise.resolve("new"))).toBe("new");
});

test("everyone who waits is told how far it is", async () => {
  const work = createSharedWork<string>();
  const { start, resolve, callers } = pending();
  const [one, two] = [vi.fn(), vi.fn()];
  const both = [one, two].map((onProgress) => work.run("a", { ...patient, onProgress }, start));
  const progress = { model: "m", file: "f", doneBytes: 1, totalBytes: 2 };
  callers[0]?.onProgress?.(progress);
  resolve("done");
  await Promise.all(both);
  expect([one.mock.calls, two.mock.calls]).toEqual([[[progress]], [[progress]]]);
});

test("a failure reaches everyone who waits", async () => {
  const work = createSharedWork<string>();
  const failing = () => Promise.reject(new RangeError("no"));
  const both = await Promise.allSettled([work.run("a", patient, failing), work.run("a", patient, failing)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
