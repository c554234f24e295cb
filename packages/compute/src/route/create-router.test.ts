import type { Log } from "@stargate/kernel";
import { createFakeClock, seededRandom } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { arm, request, telemetry } from "./arms.fixture.ts";
import { createRouter } from "./create-router.ts";
import type { DecisionRecord } from "./record/decision-record.ts";
import type { Arm } from "./types/arm.ts";
import type { Decision, Placement } from "./types/decision.ts";
import type { RouterOptions } from "./types/router.ts";

function start(options: Partial<RouterOptions> = {}) {
  const clock = createFakeClock();
  const random = seededRandom(1);
  const router = createRouter({ clock, random: () => random.next(), instance: "test", exploration: 0, ...options });
  return { clock, router };
}

function placed(decision: Decision): Placement {
  if (decision.arm === undefined) throw new RangeError(`Refused: ${decision.refusal.message}`);
  return decision;
}

const warnings: string[] = [];
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet };

const cpu = arm("cpu");
const gpu = arm("gpu", { device: "cuda:0", deviceKind: "cuda", tags: ["us"], priorMs: 4, price: { usdPerHour: 2 } });
const both: readonly Arm[] = [cpu, gpu];

describe("a pin", () => {
  test("to a pool, a device or a kind of device holds", () => {
    const { router } = start();
    const at = (pin: { pool?: string; device?: string }) => placed(router.decide({ ...request, pin }, both)).arm.pool;
    expect([
      at({ pool: "cpu" }),
      at({ pool: "gpu" }),
      at({ device: "cuda:0" }),
      at({ device: "cpu" }),
      at({ device: "cuda" }),
    ]).toEqual(["cpu", "gpu", "gpu", "cpu", "gpu"]);
  });

  test("that cannot hold is refused, with the reason of every arm", () => {
    const { router } = start();
    const blocked = { ...gpu, blocked: { kind: "breaker" as const, detail: "the breaker is open for another 3 s" } };
    const { refusal } = router.decide({ ...request, pin: { pool: "gpu" } }, [cpu, blocked]);
    expect(refusal?.code).toBe("SG_COMPUTE_OVERLOADED");
    expect(refusal?.message).toContain('cpu/clip/fp32: the call is pinned to pool "gpu"');
    expect(refusal?.message).toContain("gpu/clip/fp32: the breaker is open for another 3 s");
    const never = router.decide({ ...request, pin: { device: "cuda:7" } }, both);
    expect(never.refusal?.code).toBe("SG_COMPUTE_PLACEMENT");
    expect(never.refusal?.retryAfterMs).toBeUndefined();
  });
});

describe("a constraint", () => {
  test.each([
    ["residency", { residency: ["eu", "hospital"] }, 'lacks the residency "hospital"'],
    ["quality", { minimumQuality: 1.01 }, "is below the minimum of 1.01"],
    ["variant", { minimumDeclaredQuality: 1.01 }, "is below the minimum of 1.01"],
    ["budget", { maximumUsd: 1e-12 }, "above the limit of 1e-12"],
    ["excluded", { excludePools: ["cpu", "gpu"] }, "has been tried already"],
  ])("of %s is never traded away, and says what is missing", (reason, constraint, text) => {
    const { router } = start();
    const decision = router.decide({ ...request, ...constraint }, both);
    expect(decision.candidates.map(({ refused }) => refused?.reason)).toEqual([reason, reason]);
    expect(decision.refusal?.message).toContain(text);
  });

  test("of a pool that takes no work holds until it does", () => {
    const { clock, router } = start();
    router.report("cpu", telemetry(clock.nowMs(), { slots: 0 }));
    router.report("gpu", telemetry(clock.nowMs(), { closedUntilMs: clock.nowMs() + 500 }));
    expect(router.decide(request, both).refusal).toMatchObject({ code: "SG_COMPUTE_OVERLOADED", retryAfterMs: 1000 });
  });

  test("on learned quality excludes a variant that turned out worse than declared", () => {
    const { router } = start();
    placed(router.decide(request, [cpu]));
    router.observe({ decision: "test-0", result: "ok", queueMs: 0, serviceMs: 20 });
    for (let shadow = 0; shadow < 200; shadow++)
      router.observeQuality({ model: "clip", variant: "fp32", score: 0.6, source: "shadow" });
    router.fold();
    const floor = { ...request, minimumQuality: 0.8 };
    expect(router.decide(floor, [cpu]).candidates[0]?.refused?.text).toMatch(/its quality of 0.6\d+ is below/);
    expect(router.decide({ ...request, minimumDeclaredQuality: 1 }, [cpu]).arm).toBe(cpu);
  });
});

describe("a deadline", () => {
  test("that no pool can meet is refused at once, with the time it would take", () => {
    const { router } = start();
    const slow = arm("cpu", { priorMs: 5000 });
    const { refusal } = router.decide({ ...request, remainingMs: 100 }, [slow]);
    expect(refusal).toMatchObject({ code: "SG_RUN_DEADLINE" });
    expect(refusal?.message).toMatch(/within 100 ms: even an idle one needs about \d+ ms/);
  });

  test("that only the queues stand against is refused with the time to try again", () => {
    const { clock, router } = start();
    router.report("cpu", telemetry(clock.nowMs(), { busySlots: 4, queuedJobs: 100, backlogMs: 3000 }));
    const { refusal } = router.decide(request, [cpu]);
    expect(refusal?.code).toBe("SG_COMPUTE_OVERLOADED");
    expect(refusal?.retryAfterMs).toBeGreaterThan(2000);
  });

  test("that has passed is said to have passed", () => {
    const { router } = start();
    expect(router.decide({ ...request, remainingMs: 0 }, both).refusal?.code).toBe("SG_RUN_DEADLINE");
  });

  test("of critical work is tried when others would be refused", async () => {
    const { clock, router } = start();
    const arms = [arm("cpu", { priorMs: 10 })];
    for (let call = 0; call < 50; call++) {
      const { id } = placed(router.decide(request, arms));
      router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs: 10 });
    }
    router.fold();
    await clock.advance(1000);
    router.report("cpu", telemetry(clock.nowMs(), { busySlots: 4, queuedJobs: 60, backlogMs: 205 }));
    const isRefused = (criticality: "critical" | "sheddable") =>
      router.decide({ ...request, criticality }, arms).arm === undefined;
    expect([isRefused("critical"), isRefused("sheddable")]).toEqual([false, true]);
  });
});

describe("what is learned", () => {
  test("moves calls to the pool that turned out to be faster, from the next snapshot on", async () => {
    const { clock, router } = start();
    const [a, b] = [arm("a", { priorMs: 10 }), arm("b", { priorMs: 12 })];
    const before = placed(router.decide(request, [a, b])).snapshotVersion;
    for (let call = 0; call < 30; call++) {
      const { id, arm: chosen } = placed(router.decide({ ...request, pin: { pool: call % 2 ? "a" : "b" } }, [a, b]));
      router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs: chosen === a ? 150 : 12 });
    }
    expect(placed(router.decide(request, [a, b])).snapshotVersion).toBe(before);
    await clock.advance(20);
    const after = placed(router.decide(request, [a, b]));
    expect(after.snapshotVersion).toBe(before + 1);
    expect(after.arm).toBe(b);
    expect(after.predicted.serviceMs).toBeLessThan(16);
  });

  test("moves calls away from a pool that fails, and back when it was left alone for a while", async () => {
    const { clock, router } = start({ exploration: 0.05 });
    const [good, bad] = [arm("good", { priorMs: 15 }), arm("bad", { priorMs: 10 })];
    const use = (pool: string, result: "ok" | "failed") => {
      const { id } = placed(router.decide({ ...request, pin: { pool } }, [good, bad]));
      router.observe({ decision: id, result, queueMs: 0, serviceMs: pool === "good" ? 15 : 10 });
    };
    for (let call = 0; call < 20; call++) use(call % 2 ? "good" : "bad", "ok");
    for (let call = 0; call < 4; call++) use("bad", "failed");
    router.fold();
    expect(placed(router.decide({ ...request, noExploration: true }, [good, bad])).arm).toBe(good);
    await clock.advance(300_000);
    expect(router.decide(request, [good, bad]).candidates[1]?.propensity).toBeGreaterThan(0.01);
  });

  test("a price and the power, when they differ from what was declared", () => {
    const { router } = start();
    for (let call = 0; call < 10; call++) {
      const { id } = placed(router.decide(request, [cpu]));
      router.observe({
        decision: id,
        result: "ok",
        queueMs: 0,
        serviceMs: 20,
        usd: 3 * ((0.5 * 20) / 3_600_000),
        joules: 2,
      });
    }
    router.fold();
    const { predicted } = placed(router.decide(request, [cpu]));
    expect(predicted.usd / ((0.5 * 20) / 3_600_000)).toBeCloseTo(3, 0);
    expect(predicted.joules).toBeCloseTo(2, 0);
  });

  test("how long a model takes to load", () => {
    const { router } = start();
    const cold = { ...cpu, cold: true };
    const first = placed(router.decide({ ...request, remainingMs: 10_000 }, [cold]));
    router.observe({ decision: first.id, result: "ok", queueMs: 0, serviceMs: 20, coldMs: 4000 });
    router.fold();
    expect(placed(router.decide({ ...request, remainingMs: 10_000 }, [cold])).predicted.coldMs).toBe(4000);
    const refused = router.decide({ ...request, remainingMs: 1000 }, [cold]);
    expect(refused.arm).toBeUndefined();
    expect(refused.warmUp).toBe(cold);
  });

  test("is no more than what the timer has folded in, and close stops the timer", () => {
    const { clock, router } = start();
    const { id } = placed(router.decide(request, [cpu]));
    router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs: 20 });
    expect(clock.pendingTimers).toBe(1);
    router.close();
    router.close();
    expect(clock.pendingTimers).toBe(0);
  });

  test("is not spoilt by numbers that are none, nor by calls of no size", () => {
    const { router } = start();
    const learn = (serviceMs: number, items = 1, usd = 0) => {
      const { id } = placed(router.decide({ ...request, items }, [{ ...cpu, priorMs: 0 }]));
      router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs, usd });
      router.fold();
    };
    for (const serviceMs of [Number.NaN, Number.POSITIVE_INFINITY, 0, -5, 20]) learn(serviceMs);
    learn(20, 0);
    learn(20, 1, Number.NaN);
    router.observeQuality({ model: "clip", variant: "fp32", score: Number.NaN, source: "feedback" });
    router.fold();
    const { predicted } = placed(router.decide(request, [cpu]));
    expect(Object.values(predicted).filter((value) => !Number.isFinite(value))).toEqual([]);
    const again = createRouter({ clock: createFakeClock(), random: () => 0.5, state: router.state(), log });
    expect(warnings).toEqual([]);
    expect(again.state()).toEqual(router.state());
  });

  test("is nothing from ends that nobody knows, or that are told twice", () => {
    const { router } = start();
    const { id } = placed(router.decide(request, [cpu]));
    router.observe({ decision: "nobody-1", result: "failed", queueMs: 0, serviceMs: 0 });
    router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs: 20 });
    router.observe({ decision: id, result: "failed", queueMs: 0, serviceMs: 20 });
    router.fold();
    expect(placed(router.decide(request, [cpu])).candidates[0]?.failureProbability).toBeLessThan(0.02);
  });
});

describe("a queue", () => {
  test("as reported, and with own calls since, sends work elsewhere", () => {
    const { clock, router } = start();
    const [a, b] = [arm("a"), arm("b")];
    router.report("a", telemetry(clock.nowMs(), { slots: 1, busySlots: 1, queuedJobs: 5, backlogMs: 120 }));
    router.report("b", telemetry(clock.nowMs(), { slots: 1, busySlots: 1, backlogMs: 20 }));
    const pools = Array.from(
      { length: 12 },
      () => placed(router.decide({ ...request, objective: { latency: 1 }, remainingMs: 1000 }, [a, b])).arm.pool,
    );
    expect(pools.slice(0, 3)).toEqual(["b", "b", "b"]);
    expect(pools).toContain("a");
  });

  test("is told by replies too", async () => {
    const { clock, router } = start();
    const { id } = placed(router.decide(request, [cpu]));
    await clock.advance(30);
    const report = telemetry(clock.nowMs(), { busySlots: 4, queuedJobs: 10, backlogMs: 90 });
    router.observe({ decision: id, result: "ok", queueMs: 0, serviceMs: 20, telemetry: report });
    expect(router.decide(request, [cpu]).candidates[0]?.waitMs).toBeGreaterThan(50);
  });

  test("makes the small variant worth more than it looks to the one who asks", async () => {
    const { clock, router } = start();
    const large = arm("gpu", { variant: "large", quality: 1, priorMs: 60 });
    const small = arm("gpu", { variant: "small", quality: 0.95, priorMs: 15 });
    const wanted = { ...request, objective: { quality: 1 }, remainingMs: 1000 };
    const choice = () => placed(router.decide({ ...wanted, preview: true }, [large, small])).arm.variant;
    for (let call = 0; call < 20; call++) router.decide(wanted, [large, small]);
    await clock.advance(2000);
    router.report("gpu", telemetry(clock.nowMs()));
    expect(choice()).toBe("large");
    await clock.advance(1);
    router.report("gpu", telemetry(clock.nowMs(), { busySlots: 4, queuedJobs: 4, backlogMs: 50 }));
    expect(choice()).toBe("small");
  });
});

describe("a preview", () => {
  test("leaves no trace", () => {
    const records: DecisionRecord[] = [];
    const { clock, router } = start({ onRecord: (record) => records.push(record) });
    router.report("cpu", telemetry(clock.nowMs(), { slots: 1, busySlots: 1, backlogMs: 20 }));
    const look = () => router.decide({ ...request, preview: true }, [cpu]);
    const first = look();
    expect(look().candidates).toEqual(first.candidates);
    router.fold();
    expect(router.record(first.id)).toBeUndefined();
    expect(records).toEqual([]);
  });
});

describe("an arm whose model is not loaded", () => {
  test("is worth warming up when it would win", () => {
    const { router } = start();
    const slow = arm("slow", { priorMs: 90 });
    const cold = arm("fast", { priorMs: 5, cold: true });
    const decision = placed(router.decide(request, [slow, cold]));
    expect(decision.arm).toBe(slow);
    expect(decision.warmUp).toBe(cold);
    expect(placed(router.decide(request, [slow, { ...cold, cold: false }])).warmUp).toBeUndefined();
  });
});

describe("state", () => {
  test("survives a restart: the same questions get the same answers", () => {
    const { clock, router } = start();
    const random = seededRandom(7);
    for (let call = 0; call < 200; call++) {
      const decision = placed(router.decide({ ...request, pin: { pool: random.pick(["cpu", "gpu"]) } }, both));
      const result = random.chance(0.1) ? "failed" : "ok";
      const serviceMs = 10 + 20 * random.next();
      router.observe({ decision: decision.id, result, queueMs: random.next(), serviceMs, usd: 1e-6, joules: 1 });
    }
    router.observeQuality({ model: "clip", variant: "fp32", score: 0.9, source: "feedback" });
    const state: unknown = JSON.parse(JSON.stringify(router.state()));
    const again = createRouter({ clock, random: () => 0.5, exploration: 0, state, log });
    // Scores count the crowd of the moment too, which is gone with the process.
    const numbers = (decision: Decision) => decision.candidates.map(({ propensity: _, score: __, ...rest }) => rest);
    const look = { ...request, preview: true };
    expect(numbers(again.decide(look, both))).toEqual(numbers(router.decide(look, both)));
    expect(again.state()).toEqual(state);
    expect(warnings).toEqual([]);
  });

  test("knows less of what was long ago", async () => {
    const { clock, router } = start();
    const { id } = placed(router.decide(request, [cpu]));
    router.observe({ decision: id, result: "failed", queueMs: 0, serviceMs: 20 });
    const state = router.state();
    const p = (epochMs: number) =>
      createRouter({ clock: createFakeClock(epochMs), random: () => 0.5, state }).decide(
        { ...request, preview: true },
        [cpu],
      ).candidates[0]?.failureProbability ?? 0;
    expect(p(clock.epochMs())).toBeGreaterThan(0.1);
    expect(p(clock.epochMs() + 600_000)).toBeLessThan(0.02);
    // A wall clock that was set back by an hour.
    expect(p(clock.epochMs() - 3_600_000)).toBeGreaterThan(0.1);
  });

  test.each([
    ["of another version", { version: 2, arms: {}, pools: {}, qualities: {}, levels: {} }],
    ["that is no object", "garbage"],
    [
      "with a negative variance",
      { version: 1, arms: {}, pools: { a: { drift: { drift: 0, variance: -1 } } }, qualities: {}, levels: {} },
    ],
    ["cut short", { version: 1, arms: {} }],
  ])("%s is a fresh start with a warning", (_, state) => {
    warnings.length = 0;
    const router = createRouter({ clock: createFakeClock(), random: () => 0.5, state, log });
    expect(warnings).toEqual(["The router's saved state cannot be used; it learns anew"]);
    expect(placed(router.decide(request, both)).snapshotVersion).toBe(0);
  });
});
