import { expect, test } from "vitest";
import { live } from "../../test/load-model.ts";
import { fail } from "../onnx-errors.ts";
import { createSerialRuns } from "./serial-runs.ts";

/** A promise that is resolved from outside. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test("runs go one after the other, in order", async () => {
  const runs = createSerialRuns();
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([runs.run(live, work("a")), runs.run(live, work("b"))])).toEqual(["a", "b"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("cancelling rejects the caller while the run goes on, and those behind it wait for its end", async () => {
  const runs = createSerialRuns();
  const abort = new AbortController();
  const began = deferred();
  const engine = deferred();
  const log: string[] = [];
  const first = runs.run(abort.signal, async () => {
    began.resolve();
    await engine.promise;
    log.push("first ended");
  });
  const second = runs.run(live, async () => log.push("second ran"));
  await began.promise;
  abort.abort();
  await expect(first).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  expect(log).toEqual([]);
  engine.resolve();
  await second;
  await runs.settled();
  expect(log).toEqual(["first ended", "second ran"]);
});

test("a run that is cancelled before its turn never begins", async () => {
  const runs = createSerialRuns();
  const abort = new AbortController();
  const engine = deferred();
  let began = false;
  const first = runs.run(live, () => engine.promise);
  const second = runs.run(abort.signal, async () => {
    began = true;
  });
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
  engine.resolve();
  await first;
  await runs.settled();
  expect(began).toBe(false);
});

test("a failed run does not stop those behind it", async () => {
  const runs = createSerialRuns();
  const failure = fail("SG_ONNX_RUN_FAILED", "failed");
  const first = runs.run(live, () => Promise.reject(failure));
  const second = runs.run(live, () => Promise.resolve("fine"));
  await expect(first).rejects.toBe(failure);
  expect(await second).toBe("fine");
});

test("a signal's own reason is kept when it is one of ours", async () => {
  const deadline = fail("SG_RUN_DEADLINE", "too late");
  const running = createSerialRuns().run(AbortSignal.abort(deadline), () => Promise.resolve());
  await expect(running).rejects.toBe(deadline);
});
