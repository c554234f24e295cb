import { describe, expect, it } from "vitest";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { number } from "../testing/numbers-adapter.ts";
import { createGate, createRunKit, rejectionOf, step } from "../testing/run-kit.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;

/** Never settles and never looks at its signal. */
const deaf = defineTransform({
  ...base,
  id: "kit.deaf",
  from: number,
  to: number,
  run: () => new Promise<number>(() => {}),
});

// A promise that rejects with nobody listening fails the whole test run: vitest reports it.

describe("cancelling a run", () => {
  it("rejects at once, with the caller's reason as cause, even when a step ignores its signal", async () => {
    const kit = createRunKit([deaf]);
    const controller = new AbortController();
    const running = kit.run(
      kit.pipeline({ n: "number" }, [step("deaf", "kit.deaf", "n")]),
      { n: 1 },
      { signal: controller.signal },
    );
    await kit.clock.advance(0);
    controller.abort("changed my mind");
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED", cause: "changed my mind" });
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("before it has begun starts nothing", async () => {
    let runs = 0;
    const counted = defineTransform({
      ...base,
      id: "kit.counted",
      from: number,
      to: number,
      run: (input) => input + runs++,
    });
    const kit = createRunKit([counted]);
    const graph = kit.pipeline({ n: "number" }, [step("counted", "kit.counted", "n")]);
    await expect(kit.run(graph, { n: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "SG_RUN_CANCELLED",
    });
    expect(runs).toBe(0);
  });

  it("aborts the signal of every step that is working", async () => {
    const signals: AbortSignal[] = [];
    const gate = createGate();
    const listening = defineTransform({
      ...base,
      id: "kit.listening",
      from: number,
      to: number,
      run(_input, { signal }) {
        signals.push(signal);
        if (signals.length === 3) gate.open();
        return new Promise<number>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        );
      },
    });
    const kit = createRunKit([listening]);
    const controller = new AbortController();
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        soft: true,
        concurrency: 3,
        body: { inputs: { item: "number" }, steps: [step("do", "kit.listening", "item")], output: "do" },
      },
    ]);
    const running = kit.run(graph, { n: [1, 2, 3, 4] }, { signal: controller.signal });
    const failure = rejectionOf(running);
    await gate.promise;
    controller.abort();
    expect(await failure).toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it("returns every open iterator: the caller's and those of the steps", async () => {
    const returned: string[] = [];
    const opened = createGate();
    const endless = defineTransform({
      ...base,
      id: "kit.endless",
      from: many(number),
      to: many(number),
      async *run(input) {
        try {
          for await (const value of input) {
            opened.open();
            yield value;
          }
        } finally {
          returned.push("step");
        }
      },
    });
    const kit = createRunKit([endless, deaf]);
    async function* source() {
      try {
        for (;;) yield 1;
      } finally {
        returned.push("source");
      }
    }
    const controller = new AbortController();
    const graph = kit.pipeline({ n: "many(number)" }, [
      step("endless", "kit.endless", "n"),
      {
        kind: "map",
        id: "each",
        over: "endless",
        body: { inputs: { item: "number" }, steps: [step("do", "kit.deaf", "item")], output: "do" },
      },
    ]);
    const running = kit.run(graph, { n: source() }, { signal: controller.signal });
    const failure = rejectionOf(running);
    await opened.promise;
    await kit.clock.advance(0);
    controller.abort();
    expect(await failure).toMatchObject({ code: "SG_RUN_CANCELLED" });
    await kit.clock.advance(0);
    expect(returned.toSorted()).toEqual(["source", "step"]);
  });

  it("reaches a source that is waiting for the world", async () => {
    let returned = false;
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => {
          returned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const kit = createRunKit();
    const controller = new AbortController();
    const running = kit.run(
      kit.pipeline({ n: "many(number)" }, [step("fold", "numbers.fold", "n")]),
      { n: silent },
      { signal: controller.signal },
    );
    await kit.clock.advance(0);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    expect(returned).toBe(true);
  });

  it("interrupts a run that never waits for anything outside", async () => {
    const { systemClock } = await import("./host/portable-host.ts");
    const kit = createRunKit([], { clock: systemClock });
    async function* endless() {
      for (;;) yield 1;
    }
    const controller = new AbortController();
    const graph = kit.pipeline({ n: "many(number)" }, [step("fold", "numbers.fold", "n")]);
    setTimeout(() => controller.abort(), 0);
    await expect(kit.run(graph, { n: endless() }, { signal: controller.signal })).rejects.toMatchObject({
      code: "SG_RUN_CANCELLED",
    });
  });

  it("takes its listener off the caller's signal when it ends", async () => {
    const kit = createRunKit();
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const counting = new Proxy(signal, {
      get(target, property) {
        if (property === "addEventListener") listeners += 1;
        if (property === "removeEventListener") listeners -= 1;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await kit.run(kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]), { n: 1 }, { signal: counting });
    expect(listeners).toBe(0);
  });

  it("does not let a step that finishes afterwards change anything", async () => {
    const gate = createGate();
    const events: string[] = [];
    const late = defineTransform({
      ...base,
      id: "kit.late",
      from: number,
      to: number,
      async run(input) {
        await gate.promise;
        throw new RangeError(`late ${input}`);
      },
    });
    const kit = createRunKit([late]);
    const controller = new AbortController();
    const running = kit.run(
      kit.pipeline({ n: "number" }, [step("late", "kit.late", "n", { soft: true, orElse: 0 })]),
      { n: 1 },
      { signal: controller.signal, onEvent: ({ type }) => events.push(type) },
    );
    await kit.clock.advance(0);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    gate.open();
    await kit.clock.advance(0);
    expect(events.filter((type) => type === "issue")).toEqual([]);
  });
});

describe("a deadline", () => {
  it("ends the run with an error that names the limit and the steps at work", async () => {
    const kit = createRunKit([deaf]);
    const running = kit.run(
      kit.pipeline({ n: "number" }, [step("deaf", "kit.deaf", "n")]),
      { n: 1 },
      { policy: { deadlineMs: 1500 } },
    );
    const failure = rejectionOf(running);
    await kit.clock.advance(1500);
    expect(await failure).toMatchObject({
      code: "SG_RUN_DEADLINE",
      message: 'The run did not finish within 1500 ms; working on "deaf"',
      details: { deadlineMs: 1500, steps: ["deaf"] },
    });
    expect(kit.clock.pendingTimers).toBe(0);
  });

  it("of the run overrides that of the graph", async () => {
    const kit = createRunKit([deaf]);
    const graph = kit.pipeline({ n: "number" }, [step("deaf", "kit.deaf", "n")], { policy: { deadlineMs: 10_000 } });
    const failure = rejectionOf(kit.run(graph, { n: 1 }, { policy: { deadlineMs: 20 } }));
    await kit.clock.advance(20);
    expect(await failure).toMatchObject({
      details: { deadlineMs: 20 },
    });
  });

  it("leaves no timer behind when the run is faster", async () => {
    const kit = createRunKit();
    await kit.run(
      kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]),
      { n: 1 },
      { policy: { deadlineMs: 1000 } },
    );
    expect(kit.clock.pendingTimers).toBe(0);
  });
});

describe("a streamed run", () => {
  const source = (log: string[]) =>
    (async function* () {
      try {
        for (let value = 0; ; value++) {
          log.push(`pull ${value}`);
          yield value;
        }
      } finally {
        log.push("returned");
      }
    })();

  it("goes no further than its edges hold while nobody takes anything", async () => {
    const kit = createRunKit();
    const log: string[] = [];
    const stream = kit.runner.stream({
      graph: kit.pipeline({ n: "many(number)" }, [step("thin", "numbers.every-other", "n")]),
      inputs: { n: source(log) },
    });
    await kit.clock.advance(0);
    expect(log.length).toBeLessThan(60);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    await expect(stream.receipt).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    await kit.clock.advance(0);
    expect(log.at(-1)).toBe("returned");
  });

  it("is cancelled by leaving the iteration", async () => {
    const kit = createRunKit();
    const log: string[] = [];
    const stream = kit.runner.stream({
      graph: kit.pipeline({ n: "many(number)" }, [step("thin", "numbers.every-other", "n")]),
      inputs: { n: source(log) },
    });
    for await (const { value } of stream) if (value === 4) break;
    await expect(stream.receipt).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    await kit.clock.advance(0);
    expect(log.at(-1)).toBe("returned");
  });

  it("of a single value is a stream of one, with a receipt", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]);
    const { createPayload } = await import("./create-payload.ts");
    const stream = kit.runner.stream({ graph, inputs: { n: createPayload(number, 1) } });
    const values: unknown[] = [];
    for await (const { value } of stream) values.push(value);
    expect(values).toEqual([2]);
    expect((await stream.receipt).steps).toHaveLength(1);
  });

  it("throws the run's error from the iteration, once, and from the receipt", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        body: { inputs: { item: "number" }, steps: [step("do", "numbers.refuse", "item")], output: "do" },
      },
    ]);
    async function* items() {
      yield* [1, 2, 3];
    }
    const stream = kit.runner.stream({ graph, inputs: { n: items() } });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: "SG_NUMBERS_DIVISIBLE" });
    await expect(stream.receipt).rejects.toMatchObject({ code: "SG_NUMBERS_DIVISIBLE" });
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  it("that cannot begin tells it in the same way", async () => {
    const kit = createRunKit();
    const stream = kit.runner.stream({
      graph: kit.pipeline({ n: "number" }, [step("add", "numbers.add", "n")]),
      inputs: {},
    });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: "SG_INPUT_INVALID" });
  });
});
