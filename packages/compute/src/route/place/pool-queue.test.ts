import { describe, expect, test } from "vitest";
import { telemetry } from "../arms.fixture.ts";
import { PoolQueue } from "./pool-queue.ts";

describe("a pool's queue", () => {
  test("is unknown without a report", () => {
    expect(new PoolQueue().view(0)).toBeUndefined();
  });

  test("drains with time", () => {
    const queue = new PoolQueue();
    queue.update(telemetry(0, { slots: 1, busySlots: 1, queuedJobs: 3, backlogMs: 100 }));
    expect(queue.view(0)?.expectedMs).toBe(100);
    expect(queue.view(40)).toEqual({ expectedMs: 60, ageMs: 40 });
    expect(queue.view(500)?.expectedMs).toBe(0);
  });

  test("is empty while a slot is free", () => {
    const queue = new PoolQueue();
    queue.update(telemetry(0, { slots: 4, busySlots: 3, backlogMs: 75 }));
    expect(queue.view(0)?.expectedMs).toBe(0);
  });

  test("grows with what was sent since the report, and not with what the next report already has", () => {
    const queue = new PoolQueue();
    queue.update(telemetry(0, { slots: 1, busySlots: 1, backlogMs: 50 }));
    queue.dispatch(30, 10);
    expect(queue.view(10)?.expectedMs).toBe(70);
    queue.update(telemetry(20, { slots: 1, busySlots: 1, queuedJobs: 1, backlogMs: 60 }));
    expect(queue.view(20)?.expectedMs).toBeCloseTo(60);
  });

  test("keeps what was sent after a report that comes late", () => {
    const queue = new PoolQueue();
    queue.update(telemetry(0, { slots: 1, busySlots: 1, backlogMs: 50 }));
    queue.dispatch(30, 10);
    queue.update(telemetry(5, { slots: 1, busySlots: 1, backlogMs: 45 }));
    expect(queue.view(10)?.expectedMs).toBeGreaterThan(60);
  });

  test("is not turned back by a report that is older than the last", () => {
    const queue = new PoolQueue();
    queue.update(telemetry(10, { slots: 1, busySlots: 1, backlogMs: 50 }));
    queue.update(telemetry(5, { slots: 1, busySlots: 1, backlogMs: 500 }));
    expect(queue.view(10)?.expectedMs).toBe(50);
  });

  test("shows how many others send work there", () => {
    const queue = new PoolQueue();
    // Every 100 ms one own job of 20 ms, and three of others: the single slot is busy 80 % of the time.
    for (let atMs = 0; atMs < 10_000; atMs += 100) {
      queue.update(telemetry(atMs, { slots: 1, busySlots: atMs % 500 === 0 ? 0 : 1, backlogMs: 20 }));
      queue.dispatch(20, atMs + 1);
    }
    expect(queue.share).toBeGreaterThan(3.4);
    expect(queue.share).toBeLessThan(4.6);
  });
});
