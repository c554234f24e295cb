import { fail, toWireError } from "@stargate/kernel";
import { expect, test } from "vitest";
import type { ToHost } from "../wire/host-messages.ts";
import { createHostCalls } from "./host-calls.ts";

function calling() {
  const sent: ToHost[] = [];
  const busy: boolean[] = [];
  const calls = createHostCalls({ send: (message) => sent.push(message), busy: (is) => busy.push(is) });
  const run = (signal?: AbortSignal) =>
    calls.call((id) => ({ type: "run", id, model: 1, tensors: {} }), { what: 'Model "m"', signal });
  return { calls, sent, busy, run };
}
const ran = (id: number) => ({ type: "ran", id, runMs: id, memoryBytes: 0, tensors: {} }) as const;

test("answers find their calls in any order", async () => {
  const { calls, run } = calling();
  const runs = [run(), run()];
  calls.answered(ran(2));
  calls.answered(ran(1));
  expect(await Promise.all(runs)).toMatchObject([{ runMs: 1 }, { runMs: 2 }]);
});

test("who gives up is rejected at once; the host hears of it, stays busy, and its answer is dropped", async () => {
  const { calls, sent, busy, run } = calling();
  const abort = new AbortController();
  const given = run(abort.signal);
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  expect(sent.map(({ type }) => type)).toEqual(["run", "abort"]);
  expect(busy).toEqual([true]);
  expect(calls.answered(ran(1))).toBe(false);
  expect(busy).toEqual([true, false]);
});

test("an abort after the answer says nothing to the host", async () => {
  const { calls, sent, run } = calling();
  const abort = new AbortController();
  const answered = run(abort.signal);
  calls.answered(ran(1));
  await answered;
  abort.abort();
  expect(sent).toHaveLength(1);
});

test("a failure is rejected with what was asked", async () => {
  const { calls, run } = calling();
  const failing = run();
  calls.answered({ type: "failed", id: 1, memoryBytes: 0, error: toWireError(new TypeError("oh")) });
  await expect(failing).rejects.toMatchObject({ code: "SG_RUN_FAILED", message: 'Model "m" failed: oh' });
});

test("when the host ends, who waits and who comes later is rejected with the reason", async () => {
  const { calls, sent, run } = calling();
  const waiting = run();
  const why = fail("SG_COMPUTE_HOST_LOST", "gone");
  calls.end(why);
  await expect(waiting).rejects.toBe(why);
  await expect(run()).rejects.toBe(why);
  expect(sent).toHaveLength(1);
});

test("draining takes no more calls and ends when nobody waits", async () => {
  const { calls, run } = calling();
  const waiting = run();
  const why = fail("SG_COMPUTE_HOST_LOST", "closing");
  let isDrained = false;
  const drained = calls.drain(why).then(() => (isDrained = true));
  await expect(run()).rejects.toBe(why);
  expect(isDrained).toBe(false);
  calls.answered(ran(1));
  await drained;
  await waiting;
});

test("a message that cannot be sent rejects its call and leaves nothing behind", async () => {
  const busy: boolean[] = [];
  const calls = createHostCalls({
    send: () => {
      throw fail("SG_COMPUTE_INPUT", "half a pair");
    },
    busy: (is) => busy.push(is),
  });
  const call = calls.call((id) => ({ type: "run", id, model: 1, tensors: {} }), { what: "m" });
  await expect(call).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT" });
  await calls.drain(fail("SG_COMPUTE_HOST_LOST", "closing"));
  expect(busy).toEqual([]);
});
