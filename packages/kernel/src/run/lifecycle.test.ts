import { describe, expect, it } from "vitest";
import { createLifecycle } from "./lifecycle.ts";

describe("a lifecycle", () => {
  it("closes in reverse order, each after the one before", async () => {
    const log: string[] = [];
    const lifecycle = createLifecycle();
    for (const name of ["a", "b", "c"]) {
      lifecycle.defer(async () => {
        log.push(`closing ${name}`);
        await Promise.resolve();
        log.push(`closed ${name}`);
      });
    }
    await lifecycle.close();
    expect(log).toEqual(["closing c", "closed c", "closing b", "closed b", "closing a", "closed a"]);
  });

  it("closes once, however often it is asked", async () => {
    let closed = 0;
    const lifecycle = createLifecycle();
    lifecycle.defer(async () => void (closed += 1));
    await Promise.all([lifecycle.close(), lifecycle.close()]);
    await lifecycle.close();
    expect(closed).toBe(1);
  });

  it("closes the others when one fails, and tells all failures", async () => {
    const log: string[] = [];
    const lifecycle = createLifecycle();
    lifecycle.defer(async () => void log.push("first"));
    lifecycle.defer(() => Promise.reject(new RangeError("stuck")));
    await expect(lifecycle.close()).rejects.toMatchObject({ code: "SG_CLOSE_FAILED", cause: { message: "stuck" } });
    expect(log).toEqual(["first"]);
  });

  it("takes nothing on once closing has begun", async () => {
    const lifecycle = createLifecycle();
    await lifecycle.close();
    expect(() => lifecycle.defer(async () => {})).toThrow(expect.objectContaining({ code: "SG_CLOSE_FAILED" }));
  });
});
