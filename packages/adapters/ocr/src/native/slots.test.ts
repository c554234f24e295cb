import { describe, expect, test } from "vitest";
import { fail } from "../ocr-errors.ts";
import { cancelled, createSlots, raceAbort } from "./slots.ts";

const never = new AbortController().signal;

/** A piece of work that ends when it is told to. */
function work() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let started = false;
  return { end: () => resolve("done"), hasStarted: () => started, run: () => ((started = true), promise) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("slots", () => {
  test("let no more run at once than there are, and the rest in order", async () => {
    const slots = createSlots(2);
    const all = [work(), work(), work(), work()];
    const results = all.map((item) => slots.run(never, item.run));
    await settle();
    expect(all.map((item) => item.hasStarted())).toEqual([true, true, false, false]);
    all[1]!.end();
    await settle();
    expect(all.map((item) => item.hasStarted())).toEqual([true, true, true, false]);
    for (const item of all) item.end();
    expect(await Promise.all(results)).toEqual(["done", "done", "done", "done"]);
  });

  test("are free again after a failure", async () => {
    const slots = createSlots(1);
    await expect(slots.run(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.run(never, () => Promise.resolve("yes"))).toBe("yes");
  });

  test("are not taken by work that was cancelled while it waited", async () => {
    const slots = createSlots(1);
    const [first, second, third] = [work(), work(), work()];
    const controller = new AbortController();
    const running = slots.run(never, first.run);
    const waiting = slots.run(controller.signal, second.run);
    const last = slots.run(never, third.run);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    first.end();
    third.end();
    expect(await Promise.all([running, last])).toEqual(["done", "done"]);
    expect(second.hasStarted()).toBe(false);
  });
});

test("a race with an abort stops what is under way and does not wait for it", async () => {
  const controller = new AbortController();
  let stopped = false;
  const race = raceAbort(new Promise(() => undefined), controller.signal, () => (stopped = true));
  controller.abort();
  await expect(race).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  expect(stopped).toBe(true);
});

test("the reason of a signal is kept when it is an error of ours", () => {
  const deadline = fail("SG_RUN_DEADLINE", "too late");
  expect(cancelled(AbortSignal.abort(deadline))).toBe(deadline);
});
