import type { TensorMap } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { located, poolKit } from "../../test/pool-kit.ts";
import type { PoolRunEvent } from "./pool-events.ts";

describe("a call", () => {
  test("opens a host, loads the model and is answered", async () => {
    const { pool, clock, submit, events } = poolKit({}, { startMs: 200, loadMs: 50 });
    expect(pool.isLoaded(located("doubling"))).toBe(false);
    const answer = submit([1, 2]);
    await clock.advance(300);
    expect(await answer).toMatchObject({
      outputs: { y: { shape: [1, 2], data: Float32Array.of(2, 4) } },
      device: "cpu",
      deviceKind: "cpu",
      batchItems: 1,
      ownItems: 1,
      queueMs: 200,
      coldMs: 50,
      runMs: 11,
    });
    expect(pool.isLoaded(located("doubling"))).toBe(true);
    expect(pool.signature(located("doubling"))?.inputs[0]?.name).toBe("x");
    expect(events.map(({ kind }) => kind)).toEqual(["host", "model", "run"]);
  });

  test("goes straight to a warm idle host, without a timer or a turn of the event loop", async () => {
    const { pool, clock, submit, hosts } = poolKit({}, { runMs: () => 0 });
    await submit([1, 2]);
    await clock.advance(0);
    const before = hosts.runs.length;
    const answer = submit([3, 4]);
    expect(pool.telemetry()).toMatchObject({ queuedJobs: 0, busySlots: 1 });
    await Promise.resolve();
    expect(hosts.runs).toHaveLength(before + 1);
    expect(await answer).toMatchObject({ batchItems: 1, queueMs: 0, coldMs: 0 });
  });

  test("whose inputs the host would take over is sent a copy", async () => {
    const { submit } = poolKit({}, { keepsInputs: false, runMs: () => 0 });
    const inputs: TensorMap = { x: { dtype: "float32", shape: [1, 2], data: Float32Array.of(1, 2) } };
    await submit([1, 2], { inputs });
    expect(inputs["x"]?.data).toEqual(Float32Array.of(1, 2));
  });

  test("is refused when its deadline has passed, or nobody wants it any more", async () => {
    const { outcome, clock } = poolKit();
    await clock.advance(100);
    expect(await outcome([1, 2], { deadlineMs: 100 })).toBe("SG_RUN_DEADLINE");
    expect(await outcome([1, 2], { signal: AbortSignal.abort() })).toBe("SG_RUN_CANCELLED");
  });
});

describe("calls that wait", () => {
  test("run together as soon as the slot is free, and each gets its own rows", async () => {
    const { clock, outcome, hosts, events } = poolKit();
    const answers = [outcome([0, 0])];
    await clock.advance(1);
    for (let index = 1; index <= 5; index++) answers.push(outcome([index, 10 * index]));
    await clock.advance(100);
    expect(await Promise.all(answers)).toEqual([
      [0, 0],
      [2, 20],
      [4, 40],
      [6, 60],
      [8, 80],
      [10, 100],
    ]);
    expect(hosts.runs.map(({ values }) => values.length / 2)).toEqual([1, 5]);
    expect(events.filter(({ kind }) => kind === "run")).toMatchObject([
      { items: 1, jobs: 1, release: "drained" },
      { items: 5, jobs: 5, mostItems: 64, release: "drained", outcome: "ok", busyMs: 15, runMs: 15, bucket: "2^1" },
    ]);
  });

  test("are told how many items they shared the run with, and how long it took", async () => {
    const { clock, submit } = poolKit();
    void submit([0, 0]);
    await clock.advance(1);
    const [two, one] = [submit([1, 2, 3, 4]), submit([5, 6])];
    await clock.advance(100);
    expect(await two).toMatchObject({ batchItems: 3, ownItems: 2, queueMs: 10, runMs: 13 });
    expect(await one).toMatchObject({ batchItems: 3, ownItems: 1 });
  });

  test("run apart when their shapes differ", async () => {
    const signature = {
      inputs: [{ name: "x", dtype: "float32" as const, shape: ["batch", "width"] }],
      outputs: [{ name: "y", dtype: "float32" as const, shape: ["batch", "width"] }],
    };
    const { clock, submit, outcome, hosts } = poolKit({}, { signature });
    void submit([0, 0]);
    await clock.advance(1);
    const wide: TensorMap = { x: { dtype: "float32", shape: [1, 3], data: Float32Array.of(7, 8, 9) } };
    const answers = [outcome([1, 2]), outcome([], { inputs: wide }), outcome([3, 4])];
    await clock.advance(100);
    expect(await Promise.all(answers)).toEqual([
      [2, 4],
      [14, 16, 18],
      [6, 8],
    ]);
    expect(hosts.runs.map(({ values }) => values)).toEqual([
      [0, 0],
      [1, 2, 3, 4],
      [7, 8, 9],
    ]);
  });

  test("run one by one for a model whose first axis is no batch", async () => {
    const signature = {
      inputs: [{ name: "x", dtype: "float32" as const, shape: ["time", 2] }],
      outputs: [{ name: "y", dtype: "float32" as const, shape: ["time", 2] }],
    };
    const { clock, submit, hosts, events } = poolKit({}, { signature });
    const answers = [submit([0, 0]), submit([1, 2, 3, 4]), submit([5, 6])];
    await clock.advance(200);
    expect((await Promise.all(answers)).map(({ batchItems, ownItems }) => [batchItems, ownItems])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(hosts.runs).toHaveLength(3);
    expect(events.filter((event): event is { pool: string } & PoolRunEvent => event.kind === "run")).toMatchObject([
      { release: "alone" },
      { release: "alone", items: 1, bucket: "2^2" },
      { release: "alone" },
    ]);
  });

  test("run one by one from then on when the outputs cannot be divided", async () => {
    const { clock, outcome, hosts } = poolKit(
      {},
      { outputs: () => ({ y: { dtype: "float32", shape: [1], data: Float32Array.of(1) } }) },
    );
    const answers = [outcome([0, 0]), outcome([1, 2]), outcome([3, 4])];
    await clock.advance(200);
    expect(await Promise.all(answers)).toEqual([[1], [1], [1]]);
    expect(hosts.runs.map(({ values }) => values.length / 2)).toEqual([3, 2, 1, 1, 1]);
    const later = [outcome([0, 0]), outcome([1, 2]), outcome([3, 4])];
    await clock.advance(200);
    await Promise.all(later);
    expect(hosts.runs.slice(5).map(({ values }) => values.length / 2)).toEqual([1, 1, 1]);
  });

  test("are left out when their caller has given up", async () => {
    const { clock, outcome, hosts, pool } = poolKit();
    void outcome([0, 0]);
    await clock.advance(1);
    const gone = new AbortController();
    const answers = [outcome([1, 2]), outcome([3, 4], { signal: gone.signal }), outcome([5, 6])];
    gone.abort();
    expect(await answers[1]).toBe("SG_RUN_CANCELLED");
    expect(pool.telemetry().queuedJobs).toBe(2);
    await clock.advance(100);
    expect(await Promise.all(answers)).toEqual([[2, 4], "SG_RUN_CANCELLED", [10, 12]]);
    expect(hosts.runs[1]?.values).toEqual([1, 2, 5, 6]);
  });

  test("are answered at once when they are aborted during their run, which goes on for the others", async () => {
    const { clock, outcome } = poolKit();
    await clock.advance(1);
    const gone = new AbortController();
    const answers = [outcome([1, 2], { signal: gone.signal }), outcome([3, 4])];
    await clock.advance(5);
    gone.abort();
    expect(await answers[0]).toBe("SG_RUN_CANCELLED");
    await clock.advance(100);
    expect(await answers[1]).toEqual([6, 8]);
  });

  test.for([
    ["goes on to its end, which the next one waits for", (): boolean => false, 40],
    ["ends at once when the model can be stopped", (): boolean => true, 0],
  ] as const)("leave a run that nobody waits for any more: it %s", async ([, stopsRuns, waitMs]) => {
    const { clock, outcome, hosts } = poolKit({ stopsRuns }, { runMs: () => 50 });
    await clock.advance(1);
    const gone = new AbortController();
    const abandoned = outcome([1, 2], { signal: gone.signal });
    await clock.advance(10);
    gone.abort();
    expect(await abandoned).toBe("SG_RUN_CANCELLED");
    const next = outcome([3, 4]);
    await clock.advance(1000);
    expect(await next).toEqual([6, 8]);
    const [first = 0, second = 0] = hosts.runs.map(({ atMs }) => atMs);
    expect(Math.round(second - first - 10)).toBe(waitMs);
  });

  test("with a tight deadline are not made late by the size of their run", async () => {
    const { clock, submit, hosts } = poolKit({}, { runMs: (items) => 5 * items });
    for (let round = 1; round <= 20; round++) {
      for (let index = 0; index < 1 + (round % 3); index++) void submit([0, 0]);
      await clock.advance(200);
    }
    const before = hosts.runs.length;
    void submit([0, 0]);
    await clock.advance(1);
    const tight = submit([1, 1], { deadlineMs: clock.nowMs() + 4 + 25 });
    for (let index = 0; index < 10; index++) void submit([2, 2]);
    await clock.advance(1000);
    expect((await tight).batchItems).toBeLessThanOrEqual(5);
    expect(hosts.runs.slice(before).length).toBeGreaterThanOrEqual(3);
  });

  test("for different models take turns by urgency", async () => {
    const { clock, outcome, hosts } = poolKit();
    void outcome([0, 0], { model: "a" });
    await clock.advance(1);
    void outcome([1, 1], { model: "a", deadlineMs: 900 });
    void outcome([2, 2], { model: "b", deadlineMs: 500 });
    await clock.advance(100);
    expect(hosts.runs.map(({ model }) => model)).toEqual(["a", "b", "a"]);
  });
});
