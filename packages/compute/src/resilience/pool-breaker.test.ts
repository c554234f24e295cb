import { fail } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { expect, test } from "vitest";
import { createPoolBreaker } from "./pool-breaker.ts";

const lost = fail("SG_COMPUTE_HOST_LOST", "gone");

function failTimes(breaker: ReturnType<typeof createPoolBreaker>, times: number, error: unknown = lost): void {
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

test("faults of the caller, and overload, do not count", () => {
  const breaker = createPoolBreaker(createFakeClock());
  failTimes(breaker, 20, fail("SG_COMPUTE_INPUT", "wrong shape"));
  failTimes(breaker, 20, fail("SG_COMPUTE_OVERLOADED", "full"));
  expect(breaker.ready).toBe(true);
});

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

test("a failed attempt makes the next pause longer, up to twenty seconds", async () => {
  const clock = createFakeClock();
  const breaker = createPoolBreaker(clock);
  failTimes(breaker, 5);
  for (let attempt = 0; attempt < 20; attempt++) {
    await clock.advance(breaker.pauseMs);
    failTimes(breaker, 1);
    expect(breaker.pauseMs).toBeGreaterThan(0);
    expect(breaker.pauseMs).toBeLessThan(20_001);
  }
});
