import { fail, type Log, type ModelCall, type ModelSpec, type Policy } from "@stargate/kernel";
import { createFakeClock, type FakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../../test/memory-store.ts";
import { type ScriptedPool, scriptedPool, type ScriptedPoolOptions } from "../../test/scripted-pool.ts";
import { createRouter } from "../route/create-router.ts";
import type { VariantState } from "../store/model-store.ts";
import { computeConfigSchema } from "./compute-config.ts";
import { createComputePlane } from "./create-compute-plane.ts";

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const spec: ModelSpec = {
  id: "echo",
  version: "1.0.0",
  summary: "Gives back what it gets",
  licence: "Apache-2.0",
  format: "scripted",
  variants: [
    { name: "fp32", quality: 1, files: [] },
    { name: "int8", quality: 0.9, files: [] },
  ],
};
const x = { dtype: "float32", shape: [1, 2], data: Float32Array.of(1, 2) } as const;
const lost = () => Promise.reject(fail("SG_COMPUTE_HOST_LOST", "gone"));

interface Kit {
  readonly clock: FakeClock;
  readonly pools: readonly ScriptedPool[];
  /** Makes a call and lets `advanceMs` pass, a second when absent. */
  call(overrides?: Partial<ModelCall>, advanceMs?: number): ReturnType<ReturnType<typeof createComputePlane>["run"]>;
  readonly plane: ReturnType<typeof createComputePlane>;
}

function kit(
  scripts: Readonly<Record<string, Partial<ScriptedPoolOptions>>>,
  { config = {}, states = {} }: { config?: object; states?: Readonly<Record<string, VariantState>> } = {},
): Kit {
  const clock = createFakeClock();
  const pools = Object.entries(scripts).map(([id, script]) => scriptedPool(id, { clock, ...script }));
  const router = createRouter({ clock, random: () => 0.5, exploration: 0 });
  const plane = createComputePlane({
    clock,
    log,
    random: () => 0,
    config: computeConfigSchema.parse(config),
    store: memoryStore([spec], states),
    router,
    openPools: async () => pools,
  });
  const call: Kit["call"] = async (overrides = {}, advanceMs = 1000) => {
    const running = plane.run({
      model: "echo",
      inputs: { x },
      tenant: "t",
      runId: "r",
      step: "s",
      policy: {},
      deadlineMs: Infinity,
      signal: new AbortController().signal,
      ...overrides,
    });
    running.catch(() => {}); // looked at by the test, after time has moved on
    await clock.advance(advanceMs);
    return running;
  };
  return { clock, pools, plane, call };
}

describe("a call", () => {
  test("is answered, and what was used is told", async () => {
    const { call } = kit({ cpu: { watts: 20, config: { usdPerHour: 3.6 } } });
    const { outputs, use } = await call();
    expect(outputs).toEqual({ x });
    expect(use).toMatchObject({ model: "echo", variant: "fp32", digest: "sha256:fp32", pool: "cpu", attempts: 1 });
    expect(use.joules?.basis).toBe("declared");
    expect(use.joules?.value).toBeCloseTo((20 * 10 * 0.5) / 1000, 9);
    expect(use.usd).toBeCloseTo((3.6 * 10 * 0.5) / 3_600_000, 12);
  });

  test("of an unknown model, past its deadline, or given up is not begun", async () => {
    const { call, pools } = kit({ cpu: {} });
    await expect(call({ model: "eco" })).rejects.toMatchObject({ code: "SG_COMPUTE_UNKNOWN_MODEL" });
    await expect(call({ deadlineMs: -1 })).rejects.toMatchObject({ code: "SG_RUN_DEADLINE" });
    await expect(call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(pools[0]?.jobs).toEqual([]);
  });

  test("with inputs that do not fit is refused before anything is queued", async () => {
    const signature = { inputs: [{ name: "x", dtype: "int64", shape: ["batch", 2] }], outputs: [] } as const;
    const { call, pools } = kit({ cpu: { signature } });
    await expect(call()).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT", message: expect.stringContaining("int64") });
    expect(pools[0]?.jobs).toEqual([]);
  });
});

describe("a pin", () => {
  test("to a pool or a device holds", async () => {
    const { call, pools } = kit({ cpu: {}, gpu: { deviceKind: "cuda" } });
    expect((await call({ policy: { compute: { pool: "gpu" } } })).use.pool).toBe("gpu");
    expect((await call({ policy: { compute: { device: "cuda" } } })).use.pool).toBe("gpu");
    expect(pools[0]?.jobs).toEqual([]);
  });

  test("that nothing can meet is refused with a reason for each pool, never met elsewhere", async () => {
    const { call, pools } = kit({ cpu: {} });
    const refused = call({ policy: { compute: { pool: "cuda:0" } } });
    await expect(refused).rejects.toMatchObject({
      code: "SG_COMPUTE_PLACEMENT",
      message: expect.stringContaining("cuda:0"),
      details: { reasons: expect.arrayContaining([expect.objectContaining({ reason: "pool-pin" })]) },
    });
    expect(pools[0]?.jobs).toEqual([]);
  });

  test("of a model is that of the first name that fits, and of the others what holds for all", async () => {
    const { call } = kit({ cpu: {}, gpu: { deviceKind: "cuda" }, far: {} });
    const poolOf = async (compute: NonNullable<Policy["compute"]>) => (await call({ policy: { compute } })).use.pool;
    expect(await poolOf({ pool: "cpu", models: { "e*": { pool: "gpu" }, echo: { pool: "far" } } })).toBe("gpu");
    expect(await poolOf({ pool: "cpu", models: { echo: { device: "cuda" } } })).toBe("gpu");
    expect(await poolOf({ pool: "far", models: { "other-*": { pool: "gpu" } } })).toBe("far");
    expect(["cpu", "gpu", "far"]).toContain(await poolOf({ models: { "other-*": { pool: "nowhere" } } }));
  });

  test("of a model to a pool that is not there is refused, and so is one of a model that is not there", async () => {
    const { call, pools } = kit({ cpu: {} });
    const pinned = (models: Record<string, { pool: string }>) => call({ policy: { compute: { models } } });
    await expect(pinned({ echo: { pool: "cuda:0" } })).rejects.toMatchObject({
      code: "SG_COMPUTE_PLACEMENT",
      message: expect.stringContaining('pinned to pool "cuda:0"'),
    });
    await expect(pinned({ ehco: { pool: "cpu" } })).rejects.toMatchObject({ code: "SG_COMPUTE_UNKNOWN_MODEL" });
    expect(pools[0]?.jobs).toEqual([]);
  });

  test("is not left when the pinned pool fails", async () => {
    const { call, pools } = kit({ cpu: {}, gpu: { answer: lost } });
    await expect(call({ policy: { compute: { pool: "gpu" } } })).rejects.toMatchObject({
      code: "SG_COMPUTE_HOST_LOST",
    });
    expect(pools[0]?.jobs).toEqual([]);
  });
});

test("data stays where its residency says", async () => {
  const { call } = kit({ us: { config: { tags: ["us"] } }, eu: { config: { tags: ["eu"] } } });
  for (let round = 0; round < 5; round++) expect((await call({ policy: { residency: ["eu"] } })).use.pool).toBe("eu");
  await expect(call({ policy: { residency: ["mars"] } })).rejects.toMatchObject({ code: "SG_COMPUTE_PLACEMENT" });
});

describe("a failing pool", () => {
  test("is replaced by another one, and the receipt counts both attempts", async () => {
    const { call } = kit({ bad: { answer: lost, config: { usdPerHour: 0 } }, good: { config: { usdPerHour: 1 } } });
    const { use } = await call({ policy: { objective: { cost: 1 } } });
    expect(use).toMatchObject({ pool: "good", attempts: 2 });
  });

  test("is not tried for ever, and its error is what the caller gets", async () => {
    const { call, pools } = kit({ only: { answer: lost } });
    await expect(call()).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
    expect(pools[0]?.jobs.length).toBeLessThanOrEqual(3);
  });

  test("does not multiply the load: retries stay within a tenth of the calls", async () => {
    const { call, pools } = kit({ a: { answer: lost }, b: { answer: lost } });
    for (let index = 0; index < 100; index++) await call().catch(() => {});
    const jobs = pools.reduce((sum, pool) => sum + pool.jobs.length, 0);
    expect(jobs).toBeLessThanOrEqual(100 * 1.4); // a tenth, and the minimum of three in ten seconds
  });

  test("is left alone after five failures in a row", async () => {
    const { call, pools } = kit({ bad: { answer: lost }, good: {} });
    const pinned = { policy: { compute: { pool: "bad" } } };
    for (let index = 0; index < 6; index++) await call(pinned, 1).catch(() => {});
    const before = pools[0]?.jobs.length ?? 0;
    await expect(call(pinned, 1)).rejects.toMatchObject({
      code: "SG_COMPUTE_OVERLOADED",
      details: { retryAfterSeconds: 1 },
    });
    expect(pools[0]?.jobs.length).toBe(before);
  });

  test.for(["critical", "normal", "sheddable"] as const)(
    "is still tried when it is the last one left, even after twelve failures (%s)",
    async (criticality) => {
      let isDown = true;
      const { call, pools } = kit({ only: { answer: (job) => (isDown ? lost() : Promise.resolve(job.inputs)) } });
      for (let index = 0; index < 12; index++) await call({}, 100).catch(() => {});
      const before = pools[0]?.jobs.length ?? 0;
      const important = { deadlineMs: 60_000, policy: { criticality } };
      await expect(call(important)).rejects.toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
      expect(pools[0]?.jobs.length).toBeGreaterThan(before);
      isDown = false;
      expect((await call(important)).use.pool).toBe("only");
    },
  );

  test("that cannot load the model leaves it to one that can, and is not asked again and again", async () => {
    const damaged = () => Promise.reject(fail("SG_COMPUTE_MODEL", "operator not supported"));
    const { call, pools } = kit({ old: { answer: damaged }, new: { config: { usdPerHour: 100 } } });
    const thrifty = { policy: { objective: { cost: 1 } } };
    for (let index = 0; index < 20; index++) expect((await call(thrifty)).use.pool).toBe("new");
    expect(pools[0]?.jobs.length).toBeLessThan(5);
    await expect(call({ policy: { compute: { pool: "old" } } })).rejects.toMatchObject({ code: "SG_COMPUTE_MODEL" });
  });

  test("is no reason to try again what the caller got wrong", async () => {
    const wrong = () => Promise.reject(fail("SG_COMPUTE_INPUT", "wrong shape"));
    const { call, pools } = kit({ a: { answer: wrong }, b: {} });
    await expect(call({ policy: { compute: { pool: "a" } } })).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT" });
    expect(pools.flatMap(({ jobs }) => jobs)).toHaveLength(1);
  });
});

describe("a pool that has too much to do", () => {
  const refuse = () => Promise.reject(fail("SG_COMPUTE_OVERLOADED", "full"));

  test("has begun nothing: the next one is asked, whatever is left of the retry budget", async () => {
    const { call, pools } = kit({ full: { answer: refuse }, free: { config: { usdPerHour: 100 } } });
    const thrifty = { policy: { objective: { cost: 1 } } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(thrifty)));
    expect(answers.map(({ use }) => use.pool)).toEqual(Array.from({ length: 20 }, () => "free"));
    expect(pools[0]?.jobs.length).toBeGreaterThan(3);
  });

  test("is not asked again, and says so when there is no other", async () => {
    const { call, pools } = kit({ full: { answer: refuse } });
    await expect(call()).rejects.toMatchObject({ code: "SG_COMPUTE_OVERLOADED" });
    expect(pools[0]?.jobs).toHaveLength(1);
  });
});

test("clients that give up are no fault of a pool", async () => {
  const { call, pools } = kit({ a: { answer: () => new Promise(() => {}) }, b: {} });
  const pinned = { policy: { compute: { pool: "a" } } };
  for (let index = 0; index < 10; index++) {
    const client = new AbortController();
    const given = call({ ...pinned, signal: client.signal }, 10).catch((error: unknown) => error);
    client.abort(fail("SG_RUN_CANCELLED", "gone"));
    await given;
  }
  void call(pinned).catch(() => {});
  await Promise.resolve();
  expect(pools[0]?.breaker.ready).toBe(true);
});

describe("a slow call", () => {
  /** Two pools; the first is dearer to leave (cheaper), and hangs once it has been slow enough to learn from. */
  function slowKit(config: object = {}) {
    let hangs = false;
    const aborted: unknown[] = [];
    const made: Kit = kit(
      {
        first: {
          answer: (job) =>
            hangs
              ? new Promise(() => job.signal.addEventListener("abort", () => aborted.push(job.signal.reason)))
              : new Promise((resolve) => void made.clock.timer(10, () => resolve(job.inputs))),
        },
        second: { config: { usdPerHour: 100 } },
      },
      { config },
    );
    return { ...made, aborted, hang: () => (hangs = true) };
  }
  const cheap = { policy: { objective: { cost: 1 } } };

  test("is started a second time elsewhere, the loser is cancelled, and it is billed once", async () => {
    const { call, hang, aborted } = slowKit();
    await call(cheap);
    for (let index = 0; index < 60; index++) await call(cheap, 20);
    hang();
    const { use } = await call(cheap);
    expect(use).toMatchObject({ pool: "second", hedged: true, attempts: 2 });
    expect(aborted).toHaveLength(1);
    expect(use.usd).toBeCloseTo((100 * 10 * 0.5) / 3_600_000, 12);
  });

  test("is left to itself where hedging is off", async () => {
    const { call, hang, pools } = slowKit({ hedgeShare: 0 });
    for (let index = 0; index < 60; index++) await call(cheap, 20);
    hang();
    void call(cheap).catch(() => {});
    expect(pools[1]?.jobs).toHaveLength(0);
  });
});

describe("variants", () => {
  test("the best one is used unless the objective says otherwise, and a lesser one is announced", async () => {
    const { call } = kit({ cpu: { config: { usdPerHour: 1 } } });
    expect((await call()).use.variant).toBe("fp32");
    expect((await call({ policy: { degrade: "never", objective: { cost: 1 } } })).use.variant).toBe("fp32");
  });

  test("stay the best under degrade: never, however people score them", async () => {
    const { call, plane } = kit({ cpu: {} });
    await call();
    for (let score = 0; score < 50; score++)
      plane.router.observeQuality({ model: "echo", variant: "fp32", score: 0.2, source: "feedback" });
    await call();
    expect((await call({ policy: { degrade: "never" } })).use.variant).toBe("fp32");
  });

  test("that are not on this machine are not used", async () => {
    const { call } = kit({ cpu: {} }, { states: { fp32: "absent" } });
    const { use } = await call({ policy: { degrade: "never" } });
    expect(use.variant).toBe("int8");
    expect(use.degradation).toBeUndefined();
  });

  test("of which none is here are told once, with what to do, whatever the number of pools", async () => {
    const { call } = kit({ cpu: {}, gpu: {} }, { states: { fp32: "absent", int8: "unaccepted" } });
    await expect(call()).rejects.toMatchObject({
      code: "SG_MODEL_ABSENT",
      message: 'Model "echo" is not on this machine',
      hint: expect.stringContaining("stargate models load") as string, // no address of it is known
    });
  });

  test("are compared with the best one in the background, and that is learned", async () => {
    const { call, pools, plane } = kit({ cpu: {} }, { config: { shadowShare: 1 }, states: {} });
    const observed: unknown[] = [];
    const { observeQuality } = plane.router;
    plane.router.observeQuality = (observation) => {
      observed.push(observation);
      observeQuality.call(plane.router, observation);
    };
    const arm = await call({ policy: { compute: { pool: "cpu" } } });
    expect(arm.use.variant).toBe("fp32");
    expect(observed).toEqual([]);
    expect(pools[0]?.jobs).toHaveLength(1);
  });
});

describe("a ladder", () => {
  const rungs = [
    { name: "large", quality: 1, model: "echo" },
    { name: "rules", quality: 0.4 },
  ];

  test("is gone down while the pools are busy, and the best rung is back as soon as they are not", async () => {
    const telemetry = { busySlots: 0, queuedJobs: 0, backlogMs: 0 };
    const { plane, call, clock } = kit({ cpu: { telemetry } });
    for (let index = 0; index < 20; index++) await call();
    const choose = (policy = {}) =>
      plane.chooseRung({ rungs, policy, tenant: "t", runId: "r", step: "s", deadlineMs: clock.nowMs() + 200 });
    expect(choose()).toBeUndefined();
    Object.assign(telemetry, { busySlots: 1, queuedJobs: 50, backlogMs: 5000 });
    await clock.advance(1);
    expect(choose()).toEqual({ index: 1, reason: '"large" would hardly be ready before the deadline' });
    Object.assign(telemetry, { busySlots: 0, queuedJobs: 0, backlogMs: 0 });
    await clock.advance(1);
    expect(choose()).toBeUndefined();
  });

  test.for([undefined, { latency: 1 }])(
    "is weighed by where each model is pinned to, objective %j",
    async (objective) => {
      const telemetry = { busySlots: 1, queuedJobs: 50, backlogMs: 5000 };
      const { plane, call, clock } = kit({ busy: { telemetry }, free: {} });
      plane.attach({ models: [{ ...spec, id: "other" }], backends: [] });
      const pinned = (large: string, small: string) => ({
        compute: { models: { echo: { pool: large }, other: { pool: small } } },
        objective,
      });
      for (let index = 0; index < 20; index++)
        for (const model of ["echo", "other"])
          for (const pool of ["busy", "free"]) await call({ model, policy: { compute: { pool } } });
      const choose = (policy: Policy) =>
        plane.chooseRung({
          rungs: [
            { name: "large", quality: 1, model: "echo" },
            { name: "small", quality: 0.9, model: "other" },
          ],
          policy,
          tenant: "t",
          runId: "r",
          step: "s",
          deadlineMs: clock.nowMs() + 200,
        })?.index;
      expect([choose(pinned("busy", "free")), choose(pinned("free", "busy"))]).toEqual([1, undefined]);
    },
  );

  test("is not gone down where nobody waits for the answer", async () => {
    const { plane, call } = kit({ cpu: { telemetry: { busySlots: 1, queuedJobs: 50, backlogMs: 5000 } } });
    await call();
    expect(
      plane.chooseRung({ rungs, policy: {}, tenant: "t", runId: "r", step: "s", deadlineMs: Infinity }),
    ).toBeUndefined();
  });
});

describe("a model that is not loaded", () => {
  /** A slow pool where it is loaded, and one that may be quicker where it is not. */
  async function twoPools(states: Readonly<Record<string, VariantState>> = {}) {
    const plane: Kit = kit(
      {
        slow: { answer: ({ inputs }) => new Promise((done) => void plane.clock.timer(800, () => done(inputs))) },
        idle: {},
      },
      { states },
    );
    for (let index = 0; index < 10; index++) await plane.call({ policy: { compute: { pool: "slow" } } });
    const [, idle] = plane.pools;
    const { use } = await plane.call({
      policy: { objective: { latency: 1 }, degrade: "never" },
      deadlineMs: plane.clock.nowMs() + 1000,
    });
    return { use, loaded: [...(idle?.loaded ?? [])] };
  }

  test("is loaded in the background where the router would rather have it", async () => {
    const { use, loaded } = await twoPools();
    expect(use.pool).toBe("slow");
    expect(loaded).toHaveLength(1);
  });

  test("and is not on this machine is not fetched because it might be useful", async () => {
    const { loaded } = await twoPools({ fp32: "fetchable", int8: "fetchable" });
    expect(loaded).toEqual([]);
  });
});

test("models that are to be there from the start are loaded, and an unknown one is told", async () => {
  const { plane } = kit({ cpu: {} }, { config: { preload: ["echo"] } });
  await plane.warm({ signal: new AbortController().signal });
  const wrong = kit({ cpu: {} }, { config: { preload: ["eco"] } });
  await expect(wrong.plane.warm({ signal: new AbortController().signal })).rejects.toMatchObject({
    code: "SG_COMPUTE_UNKNOWN_MODEL",
  });
});
