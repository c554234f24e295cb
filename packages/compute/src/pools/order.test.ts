import { describe, expect, test } from "vitest";
import { poolKit, type PoolKit } from "../../test/pool-kit.ts";

/** One call per run, so that the order can be seen. */
const oneByOne = { batch: { maxItems: 1 } };

/** Makes the slot busy; what is submitted next has to wait. */
async function occupy({ submit, clock }: PoolKit): Promise<void> {
  void submit([0, 0]);
  await clock.advance(1);
}

const order = ({ hosts }: PoolKit): number[] => hosts.runs.slice(1).map(({ values }) => values[0] ?? -1);

describe("calls that wait", () => {
  test("run by criticality, then by deadline", async () => {
    const kit = poolKit(oneByOne);
    await occupy(kit);
    void kit.submit([1, 0], { criticality: "sheddable", deadlineMs: 2000 });
    void kit.submit([2, 0]);
    void kit.submit([3, 0], { deadlineMs: 3000 });
    void kit.submit([4, 0], { deadlineMs: 1000 });
    void kit.submit([5, 0], { criticality: "critical" });
    await kit.clock.advance(500);
    expect(order(kit)).toEqual([5, 4, 3, 2, 1]);
  });

  test("that came earlier run earlier when nothing else tells them apart", async () => {
    const kit = poolKit(oneByOne);
    await occupy(kit);
    for (let value = 1; value <= 5; value++) {
      void kit.submit([value, 0]);
      await kit.clock.advance(1);
    }
    await kit.clock.advance(500);
    expect(order(kit)).toEqual([1, 2, 3, 4, 5]);
  });

  test("are never starved by more critical ones that keep coming", async () => {
    const kit = poolKit({ ...oneByOne, queue: { agingMs: 200 } });
    await occupy(kit);
    let answeredMs = Infinity;
    void kit.submit([1, 0], { criticality: "sheddable" }).then(() => (answeredMs = kit.clock.nowMs()));
    for (let index = 0; index < 200; index++) {
      void kit.submit([2, 0], { criticality: "critical" });
      await kit.clock.advance(10); // a run takes 11 ms: the queue never empties
    }
    expect(answeredMs).toBeLessThan(2000);
    expect(answeredMs).toBeGreaterThan(300);
  });

  test("are refused at their deadline", async () => {
    const kit = poolKit(oneByOne, { runMs: () => 1000 });
    await occupy(kit);
    const late = kit.outcome([1, 0], { deadlineMs: 300 });
    await kit.clock.advance(299);
    expect(await late).toBe("SG_RUN_DEADLINE");
    expect(kit.clock.nowMs()).toBe(300);
    expect(kit.events).toContainEqual(
      expect.objectContaining({ kind: "refusal", code: "SG_RUN_DEADLINE", wasQueued: true }),
    );
  });

  test("are refused at their deadline also while their model is being loaded", async () => {
    const kit = poolKit({}, { loadMs: 1000 });
    const late = kit.outcome([1, 0], { deadlineMs: 300 });
    await kit.clock.advance(300);
    expect(await late).toBe("SG_RUN_DEADLINE");
    await kit.clock.advance(1000);
    expect(kit.hosts.runs).toHaveLength(0);
    const refusals = () => kit.events.filter(({ kind }) => kind === "refusal").length;
    expect(refusals()).toBe(1);
    const inTime = kit.outcome([1, 0], { model: "other", deadlineMs: kit.clock.nowMs() + 2000 });
    await kit.clock.advance(5000);
    expect(await inTime).toEqual([2, 0]);
    expect(refusals()).toBe(1);
  });

  test("that cannot be done in time any more are not begun", async () => {
    const kit = poolKit(oneByOne, { runMs: () => 100 });
    for (let run = 0; run < 12; run++) {
      void kit.submit([0, 0]);
      await kit.clock.advance(150);
    }
    const runs = kit.hosts.runs.length;
    expect(await kit.outcome([1, 0], { deadlineMs: kit.clock.nowMs() + 40 })).toBe("SG_RUN_DEADLINE");
    expect(kit.hosts.runs).toHaveLength(runs);
  });
});

describe("a full queue", () => {
  test("refuses with the time after which it is worth trying again", async () => {
    const kit = poolKit({ ...oneByOne, queue: { maxJobs: 2 } }, { runMs: () => 1500 });
    void kit.submit([0, 0]);
    await kit.clock.advance(2000); // the second run tells how long runs take
    void kit.submit([0, 0]);
    await kit.clock.advance(2000);
    await occupy(kit);
    void kit.submit([1, 0]);
    void kit.submit([2, 0]);
    const refused = kit.submit([3, 0]);
    await expect(refused).rejects.toMatchObject({
      code: "SG_COMPUTE_OVERLOADED",
      status: 503,
      retryable: true,
      details: { pool: "pool", queuedJobs: 2, retryAfterSeconds: 5 },
    });
  });

  test("gives up the least critical, the last in line, for a more critical call", async () => {
    const kit = poolKit({ ...oneByOne, queue: { maxJobs: 3 } });
    await occupy(kit);
    const waiting = [
      kit.outcome([1, 0], { criticality: "sheddable" }),
      kit.outcome([2, 0]),
      kit.outcome([3, 0], { criticality: "sheddable" }),
    ];
    const critical = [kit.outcome([4, 0], { criticality: "critical" })];
    expect(await Promise.race([waiting[0], waiting[2]])).toBe("SG_COMPUTE_OVERLOADED");
    expect(await Promise.race([waiting[0], Promise.resolve("waiting")])).toBe("waiting");
    critical.push(kit.outcome([5, 0], { criticality: "critical" }));
    expect(await waiting[0]).toBe("SG_COMPUTE_OVERLOADED");
    expect(await kit.outcome([6, 0], { criticality: "sheddable" })).toBe("SG_COMPUTE_OVERLOADED");
    await kit.clock.advance(200);
    expect(await Promise.all([...critical, waiting[1]])).toEqual([
      [8, 0],
      [10, 0],
      [4, 0],
    ]);
  });

  test("is one of too many bytes, too", async () => {
    const kit = poolKit({ ...oneByOne, queue: { maxBytes: 20 } });
    await occupy(kit);
    const waiting = [kit.outcome([1, 0]), kit.outcome([2, 0])];
    expect(await kit.outcome([3, 0])).toBe("SG_COMPUTE_OVERLOADED");
    await kit.clock.advance(200);
    expect(await Promise.all(waiting)).toEqual([
      [2, 0],
      [4, 0],
    ]);
  });
});

describe("a call that could not be answered in time", () => {
  /** Runs of 100 ms, known to be so. */
  async function learned(options: Parameters<typeof poolKit>[0] = {}): Promise<PoolKit> {
    const kit = poolKit({ ...oneByOne, ...options }, { runMs: () => 100 });
    for (let run = 0; run < 5; run++) {
      void kit.submit([0, 0]);
      await kit.clock.advance(200);
    }
    return kit;
  }

  test("is refused at once instead of late", async () => {
    const kit = await learned();
    for (let index = 0; index < 6; index++) void kit.submit([1, 0]);
    expect(kit.pool.telemetry()).toMatchObject({ queuedJobs: 5, backlogMs: expect.closeTo(600, -2) });
    expect(await kit.outcome([2, 0], { deadlineMs: kit.clock.nowMs() + 500 })).toBe("SG_COMPUTE_OVERLOADED");
    expect(await kit.outcome([2, 0], { deadlineMs: kit.clock.nowMs() + 90, criticality: "critical" })).toBe(
      "SG_COMPUTE_OVERLOADED",
    );
    await kit.clock.advance(1000);
  });

  test("is let in when it is critical and only others are in its way", async () => {
    const kit = await learned();
    for (let index = 0; index < 6; index++) void kit.submit([1, 0]);
    const critical = kit.outcome([2, 0], { deadlineMs: kit.clock.nowMs() + 250, criticality: "critical" });
    await kit.clock.advance(1000);
    expect(await critical).toEqual([4, 0]);
  });

  test("is refused without a deadline when the wait is longer than the pool allows", async () => {
    const kit = await learned({ queue: { maxWaitMs: 450 } });
    const outcomes = Array.from({ length: 8 }, () => kit.outcome([1, 0]));
    await kit.clock.advance(1000);
    const refused = (await Promise.all(outcomes)).filter((outcome) => outcome === "SG_COMPUTE_OVERLOADED");
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeLessThanOrEqual(4);
  });
});
