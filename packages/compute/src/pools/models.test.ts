import { describe, expect, test } from "vitest";
import { located, poolKit, type PoolKit } from "../../test/pool-kit.ts";
import type { PoolModelEvent } from "./pool-events.ts";

const modelEvents = ({ events }: PoolKit): string[] =>
  events
    .filter((event): event is { pool: string } & PoolModelEvent => event.kind === "model")
    .map(({ what, model, reason }) => [what, model, ...(reason === undefined ? [] : [reason])].join(" "));

async function run(kit: PoolKit, model: string, ms = 100): Promise<number[] | string> {
  const outcome = kit.outcome([1, 0], { model });
  await kit.clock.advance(ms);
  return outcome;
}

describe("a loaded model", () => {
  test("stays for as long as it is told to, counted from its last run", async () => {
    const kit = poolKit({ keepAliveMs: () => 1000 });
    await run(kit, "a");
    await run(kit, "a", 900);
    await run(kit, "a", 900);
    expect(modelEvents(kit)).toEqual(["loaded a"]);
    await kit.clock.advance(200);
    expect(modelEvents(kit)).toEqual(["loaded a", "unloaded a keep-alive"]);
    expect(kit.pool.isLoaded(located("a"))).toBe(false);
    expect(await run(kit, "a")).toEqual([2, 0]);
  });

  test("goes at once when nothing keeps it, but never before those who wait have had it", async () => {
    const kit = poolKit({ keepAliveMs: () => 0, batch: { maxItems: 1 } });
    const outcomes = [1, 2, 3].map((value) => kit.outcome([value, 0]));
    await kit.clock.advance(100);
    expect(await Promise.all(outcomes)).toEqual([
      [2, 0],
      [4, 0],
      [6, 0],
    ]);
    expect(modelEvents(kit)).toEqual(["loaded doubling", "unloaded doubling keep-alive"]);
  });

  test("stays forever when that is said, and holds no timer then", async () => {
    const kit = poolKit({ keepAliveMs: () => Infinity });
    await run(kit, "a");
    expect(kit.clock.pendingTimers).toBe(0);
  });

  test("leaves a host behind that is ended, too, when nothing is loaded for a while", async () => {
    const kit = poolKit({ keepAliveMs: () => 1000, idleHostMs: 5000 });
    await run(kit, "a");
    await kit.clock.advance(5000);
    expect(kit.pool.status()).toMatchObject([{ state: "up", models: [] }]);
    await kit.clock.advance(2000);
    expect(kit.pool.status()).toMatchObject([{ state: "empty", models: [] }]);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(true);
    expect(await run(kit, "a")).toEqual([2, 0]);
  });

  test("is taken from the host under load exactly once, however many calls arrive at once", async () => {
    const kit = poolKit({}, { loadMs: 100 });
    const outcomes = Array.from({ length: 20 }, (_, index) => kit.outcome([index, 0]));
    await kit.clock.advance(500);
    await Promise.all(outcomes);
    expect(kit.hosts.loads).toEqual(["host/0 doubling"]);
    expect(kit.hosts.runs).toHaveLength(1);
  });
});

describe("memory", () => {
  test("is made by the model that was not used for longest", async () => {
    const kit = poolKit({ memory: { hostBytes: 250 } });
    for (const model of ["a", "b", "a", "c"]) await run(kit, model);
    expect(modelEvents(kit)).toEqual(["loaded a", "loaded b", "unloaded b eviction", "loaded c"]);
  });

  test("is made by models that may go before those that should stay", async () => {
    const kit = poolKit({ memory: { hostBytes: 250 }, keepAliveMs: ({ spec }) => (spec.id === "a" ? Infinity : 1e6) });
    for (const model of ["a", "b", "c"]) await run(kit, model);
    expect(modelEvents(kit)).toEqual(["loaded a", "loaded b", "unloaded b eviction", "loaded c"]);
  });

  test("of a device that hosts share is shared by them, and models in use are waited for", async () => {
    const kit = poolKit({ slots: 2, memory: { poolBytes: 150 } }, { runMs: () => 500 });
    const outcomes = [kit.outcome([1, 0], { model: "a" }), kit.outcome([2, 0], { model: "b" })];
    await kit.clock.advance(2000);
    expect(await Promise.all(outcomes)).toEqual([
      [2, 0],
      [4, 0],
    ]);
    expect(modelEvents(kit)).toEqual(["loaded a", "unloaded a eviction", "loaded b"]);
  });

  test("is only free when a model has really gone", async () => {
    const kit = poolKit({ memory: { hostBytes: 150 } }, { unloadMs: 300 });
    await run(kit, "a");
    const startedMs = kit.clock.nowMs();
    expect(await run(kit, "b", 1000)).toEqual([2, 0]);
    expect(kit.hosts.runs.at(-1)?.atMs).toBe(startedMs + 300);
  });

  test("that a model alone exceeds is said at once", async () => {
    const kit = poolKit({ memory: { hostBytes: 250 } });
    const refused = kit.pool.submit({
      located: located("huge", 300),
      inputs: {},
      signal: new AbortController().signal,
      deadlineMs: Infinity,
      criticality: "normal",
    });
    await expect(refused).rejects.toMatchObject({
      code: "SG_COMPUTE_MEMORY",
      message: 'Model "huge" has 300 bytes; the pool may hold 250',
    });
  });
});

describe("a second host", () => {
  test("is opened and given the model when its calls have waited as long as that takes", async () => {
    const kit = poolKit({ slots: 2, batch: { maxItems: 1 } }, { startMs: 100, loadMs: 100, runMs: () => 20 });
    for (let ms = 0; ms < 1500; ms += 20) {
      void kit.outcome([1, 0]);
      void kit.outcome([2, 0]);
      await kit.clock.advance(20);
    }
    expect(kit.hosts.loads).toEqual(["host/0 doubling", "host/1 doubling"]);
    await kit.clock.advance(2000);
    expect(kit.pool.telemetry().queuedJobs).toBe(0);
  });

  test("that has the model gets its share of what waits", async () => {
    const kit = poolKit({ slots: 2 }, { startMs: 100, loadMs: 100 });
    for (let ms = 0; ms < 3000; ms += 20) {
      void Promise.all([kit.outcome([1, 0]), kit.outcome([2, 0])]);
      await kit.clock.advance(10);
    }
    await kit.clock.advance(1000);
    expect(kit.hosts.loads).toHaveLength(2);
    void kit.outcome([0, 0]);
    void kit.outcome([0, 0]);
    const before = kit.hosts.runs.length;
    await kit.clock.advance(1);
    for (let value = 0; value < 20; value++) void kit.outcome([value, 0]);
    await kit.clock.advance(100);
    expect(kit.hosts.runs.slice(before).map(({ values }) => values.length / 2)).toEqual([1, 1, 11, 9]);
  });

  test("never takes the place of another model for that", async () => {
    const kit = poolKit({ slots: 2, batch: { maxItems: 1 }, memory: { hostBytes: 150 } });
    void kit.outcome([0, 0], { model: "other" });
    await run(kit, "doubling");
    for (let ms = 0; ms < 3000; ms += 20) {
      void kit.outcome([1, 0]);
      void kit.outcome([2, 0]);
      await kit.clock.advance(20);
    }
    expect(modelEvents(kit)).toEqual(["loaded other", "loaded doubling"]);
  });

  test("is left alone while calls hardly wait", async () => {
    const kit = poolKit({ slots: 2 }, { startMs: 100, loadMs: 100 });
    await run(kit, "doubling", 300);
    for (let round = 0; round < 30; round++) {
      void kit.outcome([1, 0]);
      await run(kit, "doubling", 1000); // waits for 11 ms
    }
    expect(kit.hosts.hosts).toHaveLength(1);
  });

  test("is opened at once for another model", async () => {
    const kit = poolKit({ slots: 2 }, { startMs: 100 });
    void kit.outcome([1, 0], { model: "a" });
    void kit.outcome([1, 0], { model: "b" });
    await kit.clock.advance(100);
    expect(kit.hosts.hosts).toHaveLength(2);
  });
});

describe("loading ahead", () => {
  test("gives the signature, and the first call finds the model there", async () => {
    const kit = poolKit({}, { startMs: 100, loadMs: 100 });
    const signature = kit.pool.load(located("a"), { signal: new AbortController().signal });
    await kit.clock.advance(300);
    expect((await signature).inputs[0]?.name).toBe("x");
    const answer = kit.submit([1, 0], { model: "a" });
    await kit.clock.advance(50);
    expect(await answer).toMatchObject({ coldMs: 0, queueMs: 0 });
  });

  test("says why it cannot be done", async () => {
    const kit = poolKit({}, { onLoad: () => "crash" });
    const outcome = kit.pool
      .load(located("a"), { signal: new AbortController().signal })
      .catch((error: unknown) => error);
    await kit.clock.advance(1000);
    expect(await outcome).toMatchObject({ code: "SG_COMPUTE_HOST_LOST" });
  });
});

describe("a host that should be replaced", () => {
  /** Calls all the time; gives the codes of those that failed. */
  async function keepCalling(kit: PoolKit, ms: number, stepMs = 5): Promise<string[]> {
    const outcomes: Promise<number[] | string>[] = [];
    for (let passed = 0; passed < ms; passed += stepMs) {
      outcomes.push(kit.outcome([1, 0]));
      await kit.clock.advance(stepMs);
    }
    await kit.clock.advance(3000);
    return (await Promise.all(outcomes)).filter((outcome): outcome is string => typeof outcome === "string");
  }

  test("works until the other is up with the same models, and no call fails or waits for it", async () => {
    const kit = poolKit({}, { startMs: 300, loadMs: 200 });
    await run(kit, "doubling", 1000);
    const startedMs = kit.clock.nowMs();
    kit.hosts.hosts[0]?.retire();
    expect(await keepCalling(kit, 1500)).toEqual([]);
    const starts = kit.hosts.runs
      .filter(({ atMs }) => atMs >= startedMs && atMs < startedMs + 1400)
      .map(({ atMs }) => atMs);
    const gaps = starts.slice(1).map((atMs, index) => atMs - (starts[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(25); // a run takes 12-13 ms; a start and a load would be 500
    expect(kit.hosts.hosts[0]?.isClosed).toBe(true);
    expect(kit.events).toContainEqual(expect.objectContaining({ kind: "host", what: "replaced", reason: "memory" }));
    expect(new Set(kit.hosts.runs.map(({ host }) => host))).toEqual(new Set(["host/0", "host/1"]));
  });

  test("is replaced after its number of runs, one host at a time", async () => {
    const kit = poolKit({ maxRunsPerHost: 20 }, { startMs: 50 });
    expect(await keepCalling(kit, 2000)).toEqual([]);
    expect(kit.hosts.hosts.length).toBeGreaterThan(4);
    expect(kit.hosts.hosts.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
  });

  test("gets no more work when there is another", async () => {
    const kit = poolKit({ slots: 2 }, { startMs: 100 });
    void kit.outcome([1, 0], { model: "other" });
    await run(kit, "doubling", 1000);
    const [other] = kit.hosts.loads.filter((load) => load.endsWith("other")).map((load) => load.slice(0, 6));
    kit.hosts.hosts.find(({ id }) => id !== other)?.retire();
    await kit.clock.advance(1);
    expect(await run(kit, "doubling", 50)).toEqual([2, 0]);
    expect(kit.hosts.runs.at(-1)?.host).toBe(other);
  });

  test("stays when the other does not come up, and that is tried again later", async () => {
    let mayOpen = true;
    const kit = poolKit(
      {},
      {
        onOpen: (count) => {
          if (count > 0 && !mayOpen) throw new RangeError("no more processes");
        },
      },
    );
    await run(kit, "doubling");
    mayOpen = false;
    kit.hosts.hosts[0]?.retire();
    expect(await keepCalling(kit, 500)).toEqual([]);
    mayOpen = true;
    await kit.clock.advance(6000);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(true);
    expect(await run(kit, "doubling")).toEqual([2, 0]);
  });
});

describe("closing", () => {
  test("waits for what was accepted, and accepts nothing more", async () => {
    const kit = poolKit({ batch: { maxItems: 1 } });
    const outcomes = [1, 2, 3].map((value) => kit.outcome([value, 0]));
    await kit.clock.advance(5);
    const closed = kit.pool.close();
    expect(await kit.outcome([4, 0])).toBe("SG_COMPUTE_UNAVAILABLE");
    await kit.clock.advance(100);
    expect(await Promise.all(outcomes)).toEqual([
      [2, 0],
      [4, 0],
      [6, 0],
    ]);
    await closed;
    expect(kit.hosts.hosts.every(({ isClosed }) => isClosed)).toBe(true);
    expect(kit.clock.pendingTimers).toBe(0);
    await kit.pool.close();
  });

  test("by force ends everything now", async () => {
    const kit = poolKit({ batch: { maxItems: 1 } }, { runMs: () => 1e6 });
    const outcomes = [1, 2].map((value) => kit.outcome([value, 0]));
    await kit.clock.advance(5);
    await kit.pool.close({ force: true });
    expect(await Promise.all(outcomes)).toEqual(["SG_COMPUTE_HOST_LOST", "SG_COMPUTE_UNAVAILABLE"]);
    expect(kit.hosts.hosts.every(({ isClosed }) => isClosed)).toBe(true);
    expect(kit.pool.status()).toMatchObject([{ state: "empty" }]);
  });

  test("while a host is being started leaves none behind", async () => {
    const kit = poolKit({}, { startMs: 1000 });
    const outcome = kit.outcome([1, 0]);
    await kit.clock.advance(10);
    const closed = kit.pool.close({ force: true });
    await kit.clock.advance(2000);
    await closed;
    expect(await outcome).toBe("SG_COMPUTE_UNAVAILABLE");
    expect(kit.hosts.hosts.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
