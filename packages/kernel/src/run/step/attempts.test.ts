import { describe, expect, it } from "vitest";
import type { RunContext } from "../../contract/run-context.ts";
import { z } from "zod";
import { defineTransform } from "../../define/define-transform.ts";
import { many } from "../../define/many.ts";
import { fail } from "../../errors/catalog.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createGate, createRunKit, itemsOf, rejectionOf, step } from "../../testing/run-kit.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;
const ladder = [{ name: "large" }, { name: "small", quality: 0.8 }, { name: "tiny", quality: 0.5 }] as const;
const flaky = () => fail("SG_OFFLOAD_FAILED", "The worker is gone");

/** A transform that does on its n-th attempt what the script says. */
function scripted(script: (attempt: number, context: RunContext<unknown, undefined>) => number | Promise<number>) {
  let attempts = 0;
  const transform = defineTransform({
    ...base,
    id: "kit.scripted",
    from: number,
    to: number,
    ladder,
    run: (_input, context) => script(++attempts, context as RunContext<unknown, undefined>),
  });
  const kit = createRunKit([transform]);
  return { kit, graph: kit.pipeline({ n: "number" }, [step("do", "kit.scripted", "n")]), attempts: () => attempts };
}

describe("the ladder", () => {
  it("begins with the best rung and says nothing when that works", async () => {
    const { kit, graph } = scripted((_attempt, { rung }) => (rung.name === "large" ? 1 : 0));
    const { payload, receipt } = await kit.run(graph, { n: 1 });
    expect(payload.value).toBe(1);
    expect(receipt.degradations).toEqual([]);
    expect(receipt.steps[0]).toMatchObject({ rung: "large", attempts: 1 });
  });

  it("goes down where a rung is not available, and announces it", async () => {
    const { kit, graph } = scripted((_attempt, { rung }) => {
      if (rung.name === "large") throw fail("SG_RUNG_UNAVAILABLE", "large is not installed");
      return 2;
    });
    const { receipt } = await kit.run(graph, { n: 1 });
    expect(receipt.degradations).toEqual([{ step: "do", what: "small", reason: "large is not installed" }]);
    expect(receipt.steps[0]).toMatchObject({ rung: "small", attempts: 2 });
  });

  it("is not gone down under degrade: never", async () => {
    const { kit, graph } = scripted(() => {
      throw fail("SG_RUNG_UNAVAILABLE", "large is not installed");
    });
    await expect(kit.run(graph, { n: 1 }, { policy: { degrade: "never" } })).rejects.toMatchObject({
      code: "SG_DEGRADE_REFUSED",
      cause: { code: "SG_RUNG_UNAVAILABLE" },
    });
  });

  it("ends with the error of the last rung", async () => {
    const { kit, graph, attempts } = scripted((_attempt, { rung }) => {
      throw fail("SG_RUNG_UNAVAILABLE", `${rung.name} is not installed`);
    });
    await expect(kit.run(graph, { n: 1 })).rejects.toMatchObject({
      code: "SG_RUNG_UNAVAILABLE",
      message: "tiny is not installed",
    });
    expect(attempts()).toBe(3);
  });

  it("remembers over the items of a run which rungs are not available", async () => {
    const { kit, attempts } = scripted((_attempt, { rung }) => {
      if (rung.name !== "tiny") throw fail("SG_RUNG_UNAVAILABLE", `${rung.name} is not installed`);
      return 1;
    });
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        concurrency: 1,
        body: { inputs: { item: "number" }, steps: [step("do", "kit.scripted", "item")], output: "do" },
      },
    ]);
    const { receipt } = await kit.run(graph, { n: [1, 2, 3] });
    expect(attempts()).toBe(5);
    expect(receipt.degradations).toHaveLength(2);
  });
});

describe("retries", () => {
  const policy = { retry: { attempts: 3, backoffMs: 100, maxBackoffMs: 1000 } };

  it("repeat an attempt that failed with a retryable error, after a pause on the host's clock", async () => {
    const { kit, graph, attempts } = scripted((attempt) => {
      if (attempt < 3) throw flaky();
      return attempt;
    });
    const running = kit.run(graph, { n: 1 }, { policy });
    await kit.clock.advance(0);
    expect(attempts()).toBe(1);
    await kit.clock.advance(100);
    await kit.clock.advance(200);
    const { payload, receipt } = await running;
    expect(payload.value).toBe(3);
    expect(receipt.steps[0]).toMatchObject({ invocations: 1, attempts: 3, failures: 0, rung: "large" });
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("do not repeat an error that would come again", async () => {
    const { kit, graph, attempts } = scripted(() => {
      throw new TypeError("a bug");
    });
    await expect(kit.run(graph, { n: 1 }, { policy })).rejects.toMatchObject({ code: "SG_RUN_FAILED" });
    expect(attempts()).toBe(1);
  });

  it("give way to the next rung when they are used up", async () => {
    const { kit, graph } = scripted((_attempt, { rung }) => {
      if (rung.name === "large") throw flaky();
      return 5;
    });
    const running = kit.run(graph, { n: 1 }, { policy });
    await kit.clock.advance(1000);
    const { receipt } = await running;
    expect(receipt.steps[0]).toMatchObject({ attempts: 4, rung: "small" });
    expect(receipt.degradations).toEqual([{ step: "do", what: "small", reason: "The worker is gone" }]);
  });

  it("are those of the step's own policy where there is one", async () => {
    const { kit, graph, attempts } = scripted(() => {
      throw flaky();
    });
    const running = kit.run(
      graph,
      { n: 1 },
      { policy: { ...policy, steps: { do: { retry: { attempts: 1, backoffMs: 0, maxBackoffMs: 0 } } } } },
    );
    await expect(running).rejects.toMatchObject({ code: "SG_OFFLOAD_FAILED" });
    expect(attempts()).toBe(3); // once per rung
  });

  it("leave no trace of the failed attempts: state, issues and coverage are those of the last one", async () => {
    let attempts = 0;
    const counting = defineTransform({
      ...base,
      id: "kit.counting",
      from: number,
      to: number,
      state: { scope: "stream", schema: z.int(), initial: () => 0 },
      run(input, { state, issue }) {
        attempts += 1;
        state.set(state.get() + 1);
        issue({ code: "SG_KIT_SEEN", message: `attempt ${attempts}` });
        if (attempts % 2 === 1) throw flaky();
        return state.get() * 100 + input;
      },
    });
    const kit = createRunKit([counting]);
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        body: { inputs: { item: "number" }, steps: [step("count", "kit.counting", "item")], output: "count" },
      },
    ]);
    const running = kit.run(
      graph,
      { n: [1, 2] },
      { policy: { retry: { attempts: 2, backoffMs: 0, maxBackoffMs: 0 } } },
    );
    await kit.clock.advance(10);
    const { payload, receipt } = await running;
    expect(payload.value).toEqual([101, 202]);
    expect(receipt.issues.map(({ message, item }) => [message, item])).toEqual([
      ["attempt 2", "item 0"],
      ["attempt 4", "item 1"],
    ]);
  });

  it("repeat a stream that fails before its first item, and none that has read or given one", async () => {
    let opened = 0;
    const late = defineTransform({
      ...base,
      id: "kit.late",
      from: number,
      to: many(number),
      async *run(input) {
        opened += 1;
        if (opened === 1) throw flaky();
        yield input;
      },
    });
    let read = 0;
    const reader = defineTransform({
      ...base,
      id: "kit.reader",
      from: many(number),
      to: number,
      async run(input) {
        for await (const _item of input) {
          read += 1;
          throw flaky();
        }
        return 0;
      },
    });
    const kit = createRunKit([late, reader]);
    const running = kit.run(kit.pipeline({ n: "number" }, [step("late", "kit.late", "n")]), { n: 4 }, { policy });
    await kit.clock.advance(1000);
    expect((await running).payload.value).toEqual([4]);
    await expect(
      kit.run(
        kit.pipeline({ n: "many(number)" }, [step("reader", "kit.reader", "n")]),
        { n: itemsOf([1, 2]) },
        { policy },
      ),
    ).rejects.toMatchObject({ code: "SG_OFFLOAD_FAILED" });
    expect(read).toBe(1);
  });
});

describe("a hedge", () => {
  it("starts a second attempt when the first is slow, takes the first answer and cancels the loser", async () => {
    const signals: AbortSignal[] = [];
    const slow = createGate<number>();
    const { kit, graph } = scripted((attempt, { signal }) => {
      signals.push(signal);
      return attempt === 1 ? slow.promise : 42;
    });
    const running = kit.run(graph, { n: 1 }, { policy: { hedge: { afterMs: 50 } } });
    await kit.clock.advance(49);
    expect(signals).toHaveLength(1);
    await kit.clock.advance(1);
    const { payload, receipt } = await running;
    expect(payload.value).toBe(42);
    expect(receipt.steps[0]).toMatchObject({ invocations: 1, attempts: 2 });
    expect(signals[0]?.aborted).toBe(true);
    slow.open(1);
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("does not start when the first attempt is fast", async () => {
    const { kit, graph, attempts } = scripted(() => 1);
    await kit.run(graph, { n: 1 }, { policy: { hedge: { afterMs: 50 } } });
    await kit.clock.advance(100);
    expect(attempts()).toBe(1);
  });

  it("fails when both attempts have", async () => {
    const gates = [createGate(), createGate()];
    const { kit, graph } = scripted(async (attempt) => {
      await gates[attempt - 1]?.promise;
      throw fail("SG_INPUT_CORRUPT", `attempt ${attempt}`);
    });
    const running = kit.run(graph, { n: 1 }, { policy: { hedge: { afterMs: 50 } } });
    await kit.clock.advance(50);
    gates[0]?.open();
    await kit.clock.advance(0);
    gates[1]?.open();
    await expect(running).rejects.toMatchObject({ code: "SG_INPUT_CORRUPT", message: "attempt 2" });
  });
});

describe("a step's own deadline", () => {
  it("ends the attempt with an error that names step and limit, and aborts its signal", async () => {
    const signals: AbortSignal[] = [];
    const { kit, graph } = scripted((_attempt, { signal }) => {
      signals.push(signal);
      return new Promise<number>(() => {});
    });
    const running = kit.run(graph, { n: 1 }, { policy: { degrade: "never", steps: { do: { deadlineMs: 30 } } } });
    const failure = rejectionOf(running);
    await kit.clock.advance(30);
    expect(await failure).toMatchObject({
      code: "SG_DEGRADE_REFUSED",
      cause: { code: "SG_RUN_DEADLINE", details: { step: "do", deadlineMs: 30 } },
    });
    expect(signals[0]?.aborted).toBe(true);
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("lets a faster rung answer instead", async () => {
    const { kit, graph } = scripted((_attempt, { rung }) =>
      rung.name === "large" ? new Promise<number>(() => {}) : 7,
    );
    const running = kit.run(graph, { n: 1 }, { policy: { steps: { do: { deadlineMs: 30 } } } });
    await kit.clock.advance(30);
    const { payload, receipt } = await running;
    expect(payload.value).toBe(7);
    expect(receipt.degradations).toMatchObject([{ what: "small" }]);
  });
});
