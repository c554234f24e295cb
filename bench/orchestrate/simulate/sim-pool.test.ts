import { describe, expect, test } from "vitest";
import { createDraws } from "../random.ts";
import { euGpu } from "../world/standard-world.ts";
import type { JobEnd } from "./job.ts";
import { SimPool } from "./sim-pool.ts";
import { VirtualTime } from "./virtual-time.ts";

interface Ended extends JobEnd {
  readonly atMs: number;
}

function start(slots: number, more: Partial<typeof euGpu> = {}) {
  const time = new VirtualTime();
  const pool = new SimPool({ ...euGpu, slots, ...more }, time);
  const ends: Ended[] = [];
  const submit = (trueMs: number, deadlineMs = 1e6, luck = 1) =>
    pool.submit({
      trueMs,
      expectedMs: trueMs,
      variant: 0,
      deadlineMs,
      luck,
      end: (end) => ends.push({ ...end, atMs: time.nowMs() }),
    });
  return { time, pool, ends, submit };
}

describe("a simulated pool", () => {
  test("runs jobs in their order, as many at once as it has slots", () => {
    const { time, ends, submit } = start(2);
    for (const ms of [100, 50, 30, 10]) submit(ms);
    time.run(1000);
    expect(ends.map(({ atMs, queueMs }) => [atMs, queueMs])).toEqual([
      [50, 0],
      [80, 50],
      [90, 80],
      [100, 0],
    ]);
  });

  test("reports its slots, its queue and the work left per slot", () => {
    const { time, pool, submit } = start(2);
    for (const ms of [100, 100, 50]) submit(ms);
    time.run(20);
    expect(pool.telemetry()).toEqual({ atMs: 20, slots: 2, busySlots: 2, queuedJobs: 1, backlogMs: 105 });
  });

  test("drops what has waited past its deadline, and lets the asker of a slow run go at its own", () => {
    const { time, ends, submit } = start(1);
    submit(200, 100);
    submit(10, 150);
    time.run(1000);
    expect(ends.map(({ result, atMs }) => [result, atMs])).toEqual([
      ["timeout", 100],
      ["expired", 200],
    ]);
  });

  test("loses everything when it dies, refuses while it is dead, and works again after", () => {
    const { time, pool, ends, submit } = start(1);
    submit(100);
    submit(100);
    time.run(50);
    pool.stop("dead");
    submit(10);
    time.run(60);
    expect(ends.map(({ result, atMs }) => [result, atMs])).toEqual([
      ["failed", 50],
      ["failed", 50],
      ["failed", 55],
    ]);
    pool.state = "up";
    submit(10);
    time.run(100);
    expect(ends.at(-1)).toMatchObject({ result: "ok", atMs: 70 });
  });

  test("answers nobody while it hangs", () => {
    const { time, pool, ends, submit } = start(1);
    submit(100, 300);
    time.run(50);
    pool.stop("hung");
    submit(10, 400);
    time.run(1000);
    expect(ends.map(({ result, atMs }) => [result, atMs])).toEqual([
      ["timeout", 300],
      ["timeout", 400],
    ]);
  });

  test("fails those who have no luck, and takes its time when it is slow", () => {
    const { time, pool, ends, submit } = start(1);
    pool.failureRate = 0.05;
    pool.slowdown = 3;
    submit(10, 1e6, 0.04);
    submit(10, 1e6, 0.06);
    time.run(1000);
    expect(ends.map(({ result, atMs }) => [result, atMs])).toEqual([
      ["failed", 30],
      ["ok", 60],
    ]);
  });

  test("loads a model for whoever asks for it first", () => {
    const { time, pool, ends, submit } = start(2, { coldMs: 5000 });
    submit(10);
    time.run(2000);
    submit(10);
    expect(pool.coldMs(0)).toBe(3000);
    time.run(20_000);
    expect(ends.map(({ atMs, coldMs }) => [atMs, coldMs])).toEqual([
      [5010, 5000],
      [5010, 3000],
    ]);
    expect(pool.coldMs(0)).toBe(0);
  });

  test("tells the oracle exactly when a job will begin", () => {
    const { time, pool } = start(3);
    const draws = createDraws(4);
    const errors: number[] = [];
    for (let job = 0; job < 300; job++) {
      time.run(time.nowMs() + draws.exponential(20));
      const foretoldMs = pool.startOf(time.nowMs());
      const trueMs = 60 * draws.logNormal(0.5);
      pool.submit({
        trueMs,
        expectedMs: trueMs,
        variant: 0,
        deadlineMs: 1e9,
        luck: 1,
        end: () => errors.push(Math.abs(time.nowMs() - trueMs - foretoldMs)),
      });
    }
    time.run(1e6);
    expect(errors).toHaveLength(300);
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });
});
