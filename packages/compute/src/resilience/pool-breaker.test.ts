import { fail } from "@stargate/kernel";
import { createFakeClock, type FakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { createPoolBreaker, type PoolBreaker } from "./pool-breaker.ts";

const lost = fail("SG_COMPUTE_HOST_LOST", "gone");

function failTimes(breaker: PoolBreaker, times: number, error: unknown = lost): void {
  for (let call = 0; call < times; call++) breaker.begin()(error);
}

test("five faults in a row close a pool, four and a success do not", () => {
  const breaker = createPoolBreaker(createFakeClock());
  failTimes(breaker, 4);
  breaker.begin()();
  failTimes(breaker, 4);
  expect(breaker.ready).toBe(true);
  failTimes(breaker, 1);
  expect(breaker.ready).toBe(false);
});

test.for(["SG_COMPUTE_INPUT", "SG_COMPUTE_OVERLOADED", "SG_RUN_CANCELLED", "SG_RUN_DEADLINE"] as const)(
  "%s is no fault of the pool",
  (code) => {
    const breaker = createPoolBreaker(createFakeClock());
    failTimes(breaker, 20, fail(code, "not the pool"));
    expect(breaker.ready).toBe(true);
  },
);

test("after the pause one call finds out; its success opens the pool again", async () => {
  const clock = createFakeClock();
  const breaker = createPoolBreaker(clock);
  failTimes(breaker, 5);
  await clock.advance(breaker.pauseMs);
  expect(breaker.ready).toBe(true);
  const end = breaker.begin();
  expect(breaker.ready).toBe(false);
  end();
  expect(breaker.ready).toBe(true);
});

test("a failed attempt makes the next pause longer, up to four seconds", async () => {
  const clock = createFakeClock();
  const breaker = createPoolBreaker(clock);
  failTimes(breaker, 5);
  for (let attempt = 0; attempt < 20; attempt++) {
    await clock.advance(breaker.pauseMs);
    failTimes(breaker, 1);
    expect(breaker.pauseMs).toBeGreaterThan(0);
    expect(breaker.pauseMs).toBeLessThan(4001);
  }
});

test("a call that was given up while it was to find out leaves that to the next one", async () => {
  const clock = createFakeClock();
  const breaker = createPoolBreaker(clock);
  failTimes(breaker, 5);
  await clock.advance(breaker.pauseMs);
  failTimes(breaker, 1, fail("SG_RUN_CANCELLED", "the client went"));
  expect(breaker.ready).toBe(true);
  failTimes(breaker, 1);
  expect(breaker.ready).toBe(false);
});

/** A breaker that is open for so long at least: pauses are random. */
function openedFor(leastMs: number, clock: FakeClock): PoolBreaker {
  for (;;) {
    const breaker = createPoolBreaker(clock);
    failTimes(breaker, 5);
    if (breaker.pauseMs >= leastMs) return breaker;
  }
}

describe("the last place that is left", () => {
  test("is tried ten times a second, one call at a time", async () => {
    const clock = createFakeClock();
    expect(createPoolBreaker(clock).readyAsLast).toBe(true);
    const breaker = openedFor(200, clock);
    expect(breaker.readyAsLast).toBe(false);
    await clock.advance(100);
    expect([breaker.ready, breaker.readyAsLast]).toEqual([false, true]);
    const end = breaker.begin();
    await clock.advance(1000);
    expect([breaker.ready, breaker.readyAsLast]).toEqual([false, false]);
    end();
    expect([breaker.ready, breaker.readyAsLast]).toEqual([true, true]);
  });

  test("gets no longer pauses for being tried early", async () => {
    const clock = createFakeClock();
    const breaker = createPoolBreaker(clock);
    failTimes(breaker, 5);
    const { pauseMs } = breaker; // random, and perhaps short
    for (let tried = 0; tried < 2; tried++) {
      await clock.advance(pauseMs / 4);
      failTimes(breaker, 1);
    }
    expect(breaker.pauseMs).toBeCloseTo(pauseMs / 2);
  });
});
