import { fail } from "@stargate/kernel";
import { createFakeClock } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { poolKit, type PoolKit } from "../../test/pool-kit.ts";
import { Quarantine } from "./quarantine.ts";

const badInput = (): Error => fail("SG_RUN_FAILED", "The engine does not like 13");
const outOfMemory = (): Error => fail("SG_COMPUTE_MEMORY", "No memory");
const sizes = ({ hosts }: PoolKit): number[] => hosts.runs.map(({ values }) => values.length / 2);
const happened = ({ events }: PoolKit): string[] =>
  events.flatMap((event) => (event.kind === "host" ? [event.what] : []));

/** Submits one call per value while the slot is busy, and lets time pass. */
async function together(kit: PoolKit, values: readonly number[], ms = 5000): Promise<(number[] | string)[]> {
  void kit.outcome([0, 0]);
  await kit.clock.advance(1);
  const outcomes = values.map((value) => kit.outcome([value, 0]));
  await kit.clock.advance(ms);
  return Promise.all(outcomes);
}

describe("an input that the model fails on", () => {
  test("is found by halves, and every other one is answered", async () => {
    const kit = poolKit(
      {},
      {
        onRun: ({ values }) => {
          if (values.includes(13)) throw badInput();
          return undefined;
        },
      },
    );
    const outcomes = await together(kit, [10, 11, 12, 13, 14, 15, 16, 17]);
    expect(outcomes).toEqual([[20, 0], [22, 0], [24, 0], "SG_RUN_FAILED", [28, 0], [30, 0], [32, 0], [34, 0]]);
    const tries = kit.hosts.runs.filter(({ values }) => values.includes(13));
    expect(tries.map(({ values }) => values.length / 2)).toEqual([8, 4, 2, 1]);
  });

  test("is not looked for when the failure may pass by itself: that is for those above to retry", async () => {
    const kit = poolKit(
      {},
      {
        onRun: ({ values }) => {
          if (values.includes(13)) throw fail("SG_FETCH_FAILED", "The server is not there");
          return undefined;
        },
      },
    );
    expect(await together(kit, [12, 13])).toEqual(["SG_FETCH_FAILED", "SG_FETCH_FAILED"]);
    expect(kit.hosts.runs).toHaveLength(2);
  });
});

describe("a run that does not fit into memory", () => {
  const fitting = (items: number) => ({
    onRun: ({ values }: { readonly values: readonly number[] }) => {
      if (values.length / 2 > items) throw outOfMemory();
      return undefined;
    },
  });

  test("is halved until it fits, and later runs are no larger than that", async () => {
    const kit = poolKit({}, fitting(3));
    const outcomes = await together(kit, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(outcomes).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((value) => [2 * value, 0]));
    expect(sizes(kit)).toEqual([1, 8, 4, 2, 2, 4, 2, 2]);
    await together(kit, [1, 2, 3, 4, 5]);
    expect(sizes(kit).slice(8)).toEqual([1, 2, 2, 1]);
    expect(kit.events).toContainEqual(expect.objectContaining({ kind: "run", items: 2, release: "memory" }));
  });

  test("of one call fails with the memory that is missing", async () => {
    const kit = poolKit({}, fitting(0));
    expect(await together(kit, [1, 2])).toEqual(["SG_COMPUTE_MEMORY", "SG_COMPUTE_MEMORY"]);
  });

  test("of one call is tried again once when idle models can make room", async () => {
    const kit = poolKit(
      {},
      {
        onRun: ({ model }, host) => {
          if (model === "large" && host.loaded.size > 1) throw outOfMemory();
          return undefined;
        },
      },
    );
    await together(kit, []);
    const large = kit.outcome([1, 0], { model: "large" });
    await kit.clock.advance(100);
    expect(await large).toEqual([2, 0]);
    expect(kit.events).toContainEqual(
      expect.objectContaining({ kind: "model", what: "unloaded", model: "doubling", reason: "eviction" }),
    );
  });
});

describe("a host that ends", () => {
  test("is replaced at once, and what it was doing is done again, one by one", async () => {
    const kit = poolKit({}, { startMs: 300 });
    void kit.outcome([0, 0]);
    await kit.clock.advance(1000);
    void kit.outcome([0, 0]);
    await kit.clock.advance(1);
    const outcomes = [1, 2, 3].map((value) => kit.outcome([value, 0]));
    await kit.clock.advance(12); // the three are running
    kit.hosts.hosts[0]?.kill();
    await kit.clock.advance(1000);
    expect(await Promise.all(outcomes)).toEqual([
      [2, 0],
      [4, 0],
      [6, 0],
    ]);
    expect(sizes(kit)).toEqual([1, 1, 3, 1, 1, 1]);
    expect(happened(kit)).toEqual(["started", "lost", "started"]);
    expect(kit.hosts.loads).toEqual(["host/0 doubling", "host/1 doubling"]);
  });

  test("leaves one behind that has the same models, also when nobody calls", async () => {
    const kit = poolKit({}, { startMs: 300 });
    void kit.outcome([0, 0]);
    await kit.clock.advance(1000);
    kit.hosts.hosts[0]?.kill();
    await kit.clock.advance(1000);
    expect(kit.pool.status()).toMatchObject([{ state: "up", host: "host/1", models: ["doubling/fp32"] }]);
  });

  test("fails a call that was on two of them, so that it can be tried elsewhere", async () => {
    const kit = poolKit({}, { onRun: ({ values }) => (values.includes(13) ? "crash" : undefined) });
    expect(await together(kit, [13])).toEqual(["SG_COMPUTE_HOST_LOST"]);
    expect(kit.hosts.runs.filter(({ values }) => values.includes(13))).toHaveLength(2);
  });

  test("is not waited for by calls whose deadline is over by then", async () => {
    const kit = poolKit({}, { startMs: 300 });
    const first = kit.outcome([0, 0]);
    await kit.clock.advance(400);
    await first;
    const late = kit.outcome([1, 0], { deadlineMs: kit.clock.nowMs() + 200 });
    await kit.clock.advance(5);
    kit.hosts.hosts[0]?.kill();
    await kit.clock.advance(1000);
    expect(await late).toBe("SG_RUN_DEADLINE");
  });

  test("again and again is started after longer and longer pauses, and nobody waits for that", async () => {
    const kit = poolKit({}, { onOpen: () => void fails() });
    const startsMs: number[] = [];
    const fails = (): never => {
      startsMs.push(kit.clock.nowMs());
      throw fail("SG_COMPUTE_HOST_LOST", "It does not come up");
    };
    const waiting = kit.outcome([1, 0]);
    await kit.clock.advance(100);
    // Three without an answer: nobody waits for the fourth.
    expect(await waiting).toBe("SG_COMPUTE_HOST_LOST");
    for (let call = 0; call < 40; call++) {
      expect(await kit.outcome([1, 0])).toBe("SG_COMPUTE_HOST_LOST");
      await kit.clock.advance(50);
    }
    expect(startsMs.map((ms) => Math.round(ms))).toEqual([0, 0, 100, 300, 700, 1500]);
    const refused = kit.submit([2, 0]);
    await expect(refused).rejects.toMatchObject({
      code: "SG_COMPUTE_HOST_LOST",
      details: { pool: "pool", retryAfterSeconds: expect.any(Number) },
    });
    expect(kit.pool.telemetry()).toMatchObject({ slots: 0 });
    expect(await kit.outcome([3, 0])).toBe("SG_COMPUTE_HOST_LOST");
  });

  test("and had given answers is waited for, however often that happens", async () => {
    const kit = poolKit({}, { startMs: 300 });
    await together(kit, [1]);
    for (let kill = 0; kill < 8; kill++) {
      const answer = kit.outcome([kill, 0]);
      await kit.clock.advance(1);
      kit.hosts.hosts.at(-1)?.kill();
      await kit.clock.advance(20_000);
      expect(await answer).toEqual([2 * kill, 0]);
    }
  });

  test("while it loads a model takes the model with it after three times, not the pool", async () => {
    const kit = poolKit({}, { onLoad: (model) => (model === "broken" ? "crash" : undefined) });
    const broken = async () => {
      const outcome = kit.submit([1, 0], { model: "broken" }).catch((error: unknown) => error);
      await kit.clock.advance(500);
      return outcome;
    };
    expect(await broken()).toMatchObject({ code: "SG_COMPUTE_HOST_LOST", details: {} });
    const leftAlone = { code: "SG_COMPUTE_HOST_LOST", details: { model: "broken", retryAfterSeconds: 1 } };
    expect(await broken()).toMatchObject(leftAlone);
    const before = kit.hosts.hosts.length;
    expect(await broken()).toMatchObject(leftAlone);
    expect(kit.hosts.hosts).toHaveLength(before);
    expect(await together(kit, [2])).toEqual([[4, 0]]);
  });
});

describe("an input that ends every host", () => {
  const deadly = {
    onRun: ({ values }: { readonly values: readonly number[] }) =>
      values.includes(13) ? ("crash" as const) : undefined,
  };

  test("is out after three deliveries, in whatever company it came", async () => {
    const kit = poolKit({ slots: 2 }, deadly);
    const first = await together(kit, [11, 12, 13, 14]);
    expect(first).toEqual([[22, 0], [24, 0], "SG_COMPUTE_HOST_LOST", [28, 0]]);
    const second = await together(kit, [13, 15, 16, 17, 18]);
    expect(second).toEqual(["SG_COMPUTE_POISONED", [30, 0], [32, 0], [34, 0], [36, 0]]);
    const deliveries = kit.hosts.runs.filter(({ values }) => values.includes(13));
    expect(deliveries.map(({ values }) => values.length / 2)).toEqual([3, 1, 1]);
    const third = kit.submit([13, 0]);
    await expect(third).rejects.toMatchObject({
      code: "SG_COMPUTE_POISONED",
      status: 422,
      retryable: false,
      details: { model: "doubling", digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), deliveries: 3 },
    });
    expect(kit.hosts.hosts).toHaveLength(5);
    expect(kit.events.filter(({ kind }) => kind === "poison")).toMatchObject([{ deliveries: 3, model: "doubling" }]);
  });

  test("is never run in two pools at once, which could end one host too many", async () => {
    const clock = createFakeClock();
    const quarantine = new Quarantine(clock);
    // The host ends in the middle of the run.
    const onRun = ({ values }: { readonly values: readonly number[] }, host: { kill(): void }) => {
      if (values.includes(13)) clock.timer(20, () => host.kill());
      return undefined;
    };
    const kits = [1, 2].map(() => poolKit({ quarantine, slots: 2 }, { onRun, runMs: () => 50 }, clock));
    const outcomes = kits.map((kit) => kit.outcome([13, 0]));
    await clock.advance(5000);
    expect(await Promise.all(outcomes)).toEqual(["SG_COMPUTE_POISONED", "SG_COMPUTE_POISONED"]);
    expect(kits.flatMap(({ hosts }) => hosts.runs)).toHaveLength(3);
  });

  test("is known to other pools that share the quarantine", async () => {
    const quarantine = new Quarantine(poolKit().clock);
    const one = poolKit({ quarantine }, deadly);
    await together(one, [13]);
    const other = poolKit({ quarantine }, deadly);
    expect(await together(other, [13])).toEqual(["SG_COMPUTE_POISONED"]);
    expect(await together(one, [13])).toEqual(["SG_COMPUTE_POISONED"]);
  });

  test("waits for a second host, so that it never ends the last one", async () => {
    const kit = poolKit({ slots: 2 }, { ...deadly, startMs: 400 });
    void kit.outcome([0, 0], { model: "other" });
    void kit.outcome([0, 0]);
    await kit.clock.advance(1000);
    expect(kit.pool.status()).toMatchObject([{ state: "up" }, { state: "up" }]);
    let downMs = 0;
    const poison = kit.outcome([13, 0]);
    for (let ms = 0; ms < 3000; ms += 20) {
      void kit.outcome([1, 0]);
      await kit.clock.advance(20);
      if (kit.pool.status().every(({ state }) => state !== "up")) downMs += 20;
    }
    expect(await poison).toBe("SG_COMPUTE_HOST_LOST");
    expect(kit.hosts.runs.filter(({ values }) => values.includes(13))).toHaveLength(2);
    expect(downMs).toBe(0);
  });

  test("costs the pool less than a tenth of what it can do, however often it is sent", async () => {
    /** Answers within 20 s for eight clients that ask again at once. */
    const throughput = async (sendsPoison: boolean): Promise<number> => {
      const kit = poolKit({ slots: 2 }, { ...deadly, startMs: 300, runMs: () => 50 });
      let answered = 0;
      const client = async (): Promise<void> => {
        while (kit.clock.nowMs() < 20_000) if (typeof (await kit.outcome([1, 0])) !== "string") answered += 1;
      };
      const poison = async (): Promise<void> => {
        while (kit.clock.nowMs() < 20_000) {
          await kit.outcome([13, 0]);
          await new Promise<void>((resolve) => void kit.clock.timer(50, resolve));
        }
      };
      const done = Promise.all([...Array.from({ length: 8 }, client), ...(sendsPoison ? [poison()] : [])]);
      await kit.clock.advance(22_000);
      await done;
      return answered;
    };
    expect((await throughput(true)) / (await throughput(false))).toBeGreaterThanOrEqual(0.9);
  });

  test("is forgiven when it was somebody else's fault", async () => {
    const kit = poolKit();
    await together(kit, []);
    for (let round = 0; round < 6; round++) {
      const outcome = kit.outcome([13, 0]);
      await kit.clock.advance(5);
      kit.hosts.hosts.at(-1)?.kill();
      await kit.clock.advance(40_000);
      expect(await outcome).toEqual([26, 0]);
    }
  });
});

describe("a host that does not answer", () => {
  /** Hangs in the run of 13, once its times are known. */
  async function learned(slots: number, startMs = 100): Promise<PoolKit & { hang: { now: boolean } }> {
    const hang = { now: false };
    const kit = poolKit(
      { slots },
      {
        startMs,
        onRun: ({ values }) => {
          if (!values.includes(13) || !hang.now) return undefined;
          hang.now = false;
          return "hang";
        },
      },
    );
    if (slots > 1) void kit.outcome([0, 0], { model: "other" }); // takes the second host
    for (let run = 0; run < 10; run++) {
      void kit.outcome([0, 0]);
      await kit.clock.advance(run === 0 ? startMs + 300 : 300);
    }
    return { ...kit, hang };
  }

  test("is given up within two seconds, and its call is answered by another", async () => {
    const kit = await learned(1);
    kit.hang.now = true;
    const hung = kit.outcome([13, 0]);
    await kit.clock.advance(2000);
    expect(await hung).toEqual([26, 0]);
    expect(happened(kit)).toEqual(["started", "started", "ejected"]);
  });

  test("is kept, as the last one, until another is up", async () => {
    const kit = await learned(1, 3000);
    kit.hang.now = true;
    const hung = kit.outcome([13, 0]);
    await kit.clock.advance(3900);
    expect(kit.pool.status()).toMatchObject([{ state: "stuck" }]);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(false);
    await kit.clock.advance(300);
    expect(await hung).toEqual([26, 0]);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(true);
  });

  test("is taken back when it was only slow, and gets more patience", async () => {
    const kit = poolKit({}, { startMs: 2000, runMs: (items) => (items === 3 ? 2500 : 10) });
    for (let run = 0; run < 10; run++) {
      void kit.outcome([0, 0]);
      await kit.clock.advance(run === 0 ? 3000 : 300);
    }
    const slow = kit.outcome([1, 2, 3, 4, 5, 6]);
    await kit.clock.advance(6000);
    expect(await slow).toEqual([2, 4, 6, 8, 10, 12]);
    expect(happened(kit)).toEqual(["started", "started", "idle"]);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(false);
    expect(kit.hosts.hosts[1]?.isClosed).toBe(true);
    expect(await together(kit, [7])).toEqual([[14, 0]]);
  });

  test("is killed at once where there is another", async () => {
    const kit = await learned(2);
    kit.hang.now = true;
    const hung = kit.outcome([13, 0]);
    await kit.clock.advance(1100);
    expect(happened(kit)).toContain("ejected");
    await kit.clock.advance(1000);
    expect(await hung).toEqual([26, 0]);
  });

  test("ends only the run, not the host, where hosts only wait", async () => {
    const kit = poolKit(
      { abortRuns: true, runsPerHost: 4 },
      { onRun: ({ values }) => (values.includes(13) ? "hang" : undefined), isParallel: true },
    );
    for (let run = 0; run < 10; run++) {
      void kit.outcome([0, 0]);
      await kit.clock.advance(100);
    }
    const [hung, fine] = [kit.outcome([13, 0]), kit.outcome([1, 0])];
    await kit.clock.advance(1100);
    expect(await Promise.all([hung, fine])).toEqual(["SG_COMPUTE_HOST_LOST", [2, 0]]);
    expect(happened(kit)).toEqual(["started"]);
  });
});

describe("a host that computes wrongly", () => {
  test("is never used when its canary says so after loading", async () => {
    let isWrong = true;
    const kit = poolKit({
      canary: async () => {
        if (isWrong) throw fail("SG_COMPUTE_WRONG_RESULT", "2 and 2 are 5");
      },
    });
    const outcome = kit.outcome([1, 0]);
    await kit.clock.advance(100);
    expect(await outcome).toBe("SG_COMPUTE_WRONG_RESULT");
    expect(kit.hosts.runs).toHaveLength(0);
    expect(kit.hosts.hosts[0]?.isClosed).toBe(true);
    isWrong = false;
    expect(await together(kit, [2])).toEqual([[4, 0]]);
  });

  test("is found out later, too", async () => {
    let asked = 0;
    const kit = poolKit({
      canaryEveryMs: 30_000,
      canary: async () => {
        asked += 1;
        if (asked === 2) throw fail("SG_COMPUTE_WRONG_RESULT", "2 and 2 are 5");
      },
    });
    await together(kit, [1], 20_000);
    expect(asked).toBe(1);
    await together(kit, [1], 20_000);
    expect(await together(kit, [2], 1000)).toEqual([[4, 0]]);
    expect(asked).toBe(3); // the second host was asked when it had loaded the model
    expect(happened(kit)).toEqual(["started", "ejected", "started"]);
  });
});
