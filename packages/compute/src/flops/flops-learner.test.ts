import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, type Tensor, type TensorMap } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../test/host-kit.ts";
import { located } from "../../test/pool-kit.ts";
import type { MeteredRun } from "../pools/run/run-meter.ts";
import { FlopsLearner, type FlopsLearnerOptions } from "./flops-learner.ts";
import { createFlopsStore } from "./flops-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stargate-flops-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (shape: readonly number[] = [4, 8], bucket = "2^3"): MeteredRun => {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(7);
  const x: Tensor = { dtype: "float32", shape, data };
  return { located: { ...located("m"), digest: "sha256:1" }, bucket, inputs: { x }, hasItems: true };
};

function learner(count: FlopsLearnerOptions["count"]) {
  const clock = createFakeClock();
  const state = { isIdle: true };
  const one = new FlopsLearner({
    clock,
    log: createMemoryLog(),
    store: createFlopsStore(folder),
    isIdle: () => state.isIdle,
    count,
  });
  /** Until the disk has been looked at and its timer is set. */
  const seen = async (given = run()): Promise<void> => {
    one.saw(given);
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(1));
  };
  return { clock, state, one, seen, known: () => one.perItem("m/fp32 2^3") };
}

describe("operations are counted", () => {
  test("when nothing has been running for a while, of one item, and never twice", async () => {
    const counted: TensorMap[] = [];
    const { clock, state, one, seen, known } = learner(async (_, inputs) => counted.push(inputs) * 100);
    state.isIdle = false;
    await seen();
    await clock.advance(10_000);
    expect(counted).toEqual([]);
    state.isIdle = true;
    await clock.advance(2000);
    await vi.waitFor(() => expect(known()).toBe(100));
    expect(counted[0]?.["x"]).toEqual({ dtype: "float32", shape: [1, 8], data: new Float32Array(8).fill(7) });
    one.saw(run());
    await clock.advance(10_000);
    expect(counted).toHaveLength(1);
    await one.close();
    const next = learner(() => Promise.reject(fail("SG_COMPUTE_MODEL", "not again")));
    next.one.saw(run());
    await vi.waitFor(() => expect(next.known()).toBe(100));
  });

  test("with made-up values for what is large", async () => {
    const counted: TensorMap[] = [];
    const { clock, one, seen } = learner(async (_, inputs) => counted.push(inputs));
    await seen(run([2, 3, 100, 100]));
    await clock.advance(2000);
    await vi.waitFor(() => expect(counted[0]?.["x"]?.shape).toEqual([1, 3, 100, 100]));
    expect(counted[0]?.["x"]?.data[0]).not.toBe(7);
    await one.close(); // what it learned is written by then
  });

  test("never where they cannot be, and that is not tried again", async () => {
    let counts = 0;
    const { clock, one, seen, known } = learner(async () => {
      counts += 1;
      throw fail("SG_COMPUTE_MODEL", "no");
    });
    await seen();
    await clock.advance(2000);
    one.saw(run());
    await clock.advance(10_000);
    expect({ counts, known: known() }).toEqual({ counts: 1, known: undefined });
  });

  test("never of models on somebody else's server", async () => {
    const { clock, one } = learner(async () => 1);
    one.saw({ ...run(), located: located("m") });
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

test("a count gives way to calls, three times; then it is carried through", async () => {
  const signals: AbortSignal[] = [];
  let finish = (): void => undefined;
  const { clock, one, seen, known } = learner(
    (_, _inputs, { signal }) =>
      new Promise((resolve, reject) => {
        signals.push(signal);
        finish = () => resolve(5);
        signal.addEventListener("abort", () => reject(fail("SG_RUN_CANCELLED", "gave way")));
      }),
  );
  await seen();
  for (let round = 1; round <= 4; round++) {
    await clock.advance(5000);
    expect(signals).toHaveLength(round);
    one.saw(run());
  }
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, false]);
  finish();
  await vi.waitFor(() => expect(known()).toBe(5));
});
