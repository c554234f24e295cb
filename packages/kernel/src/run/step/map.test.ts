import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTransform } from "../../define/define-transform.ts";
import { many } from "../../define/many.ts";
import { fail } from "../../errors/catalog.ts";
import type { GraphBody, MapStep } from "../../graph/graph.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createGate, createRunKit, itemsOf, step, type Gate } from "../../testing/run-kit.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;

/** A transform whose invocations the test lets go one by one. */
function gated() {
  const gates = new Map<number, Gate>();
  const order: number[] = [];
  let inFlight = 0;
  let most = 0;
  const gateOf = (value: number): Gate => {
    const gate = gates.get(value) ?? createGate();
    gates.set(value, gate);
    return gate;
  };
  const transform = defineTransform({
    ...base,
    id: "kit.gated",
    from: number,
    to: number,
    async run(input) {
      order.push(input);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await gateOf(input).promise;
      inFlight -= 1;
      return input;
    },
  });
  return { transform, order, most: () => most, let: (value: number) => gateOf(value).open() };
}

const body = (use: string): GraphBody => ({
  inputs: { item: "number" },
  steps: [step("do", use, "item")],
  output: "do",
});
const mapOf = (use: string, rest: Partial<MapStep> = {}): MapStep => ({
  kind: "map",
  id: "each",
  over: "n",
  body: body(use),
  ...rest,
});

describe("a map", () => {
  it("works on as many items at a time as it says, and no more", async () => {
    const gate = gated();
    const kit = createRunKit([gate.transform]);
    const running = kit.run(kit.pipeline({ n: "many(number)" }, [mapOf("kit.gated", { concurrency: 3 })]), {
      n: [0, 1, 2, 3, 4],
    });
    await kit.clock.advance(0);
    expect(gate.order).toEqual([0, 1, 2]);
    for (const value of [0, 1, 2, 3, 4]) {
      gate.let(value);
      await kit.clock.advance(0);
    }
    expect((await running).payload.value).toEqual([0, 1, 2, 3, 4]);
    expect(gate.most()).toBe(3);
  });

  it("keeps the order of its input, and holds no more results back than it may have in flight", async () => {
    const gate = gated();
    const kit = createRunKit([gate.transform]);
    const running = kit.run(kit.pipeline({ n: "many(number)" }, [mapOf("kit.gated", { concurrency: 2 })]), {
      n: [0, 1, 2],
    });
    await kit.clock.advance(0);
    gate.let(1);
    await kit.clock.advance(0);
    expect(gate.order).toEqual([0, 1]);
    gate.let(0);
    gate.let(2);
    expect((await running).payload.value).toEqual([0, 1, 2]);
  });

  it("gives what is ready first when it is asked to", async () => {
    const gate = gated();
    const kit = createRunKit([gate.transform]);
    const running = kit.run(
      kit.pipeline({ n: "many(number)" }, [mapOf("kit.gated", { concurrency: 2, order: "completion" })]),
      { n: [0, 1, 2] },
    );
    await kit.clock.advance(0);
    for (const value of [1, 2, 0]) {
      gate.let(value);
      await kit.clock.advance(0);
    }
    expect((await running).payload.value).toEqual([1, 2, 0]);
  });

  it("emits a result while it waits for the next item", async () => {
    const kit = createRunKit();
    const more = createGate();
    async function* live() {
      yield 1;
      await more.promise;
      yield 2;
    }
    const stream = kit.runner.stream({
      graph: kit.pipeline({ n: "many(number)" }, [mapOf("numbers.add")]),
      inputs: { n: live() },
    });
    const iterator = stream[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toHaveProperty("value", 2);
    more.open();
    expect((await iterator.next()).value).toHaveProperty("value", 3);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("takes one item at a time while its body holds state", async () => {
    const kit = createRunKit();
    const { payload } = await kit.run(kit.pipeline({ n: "many(number)" }, [mapOf("numbers.accumulate")]), {
      n: [1, 2, 3, 4],
    });
    expect(payload.value).toEqual([1, 3, 6, 10]);
  });

  it("begins a stream's state anew for every stream inside an item", async () => {
    const kit = createRunKit();
    const inner: GraphBody = {
      inputs: { item: "number" },
      steps: [
        step("split", "numbers.split", "item", { with: { atMost: 8 } }),
        { ...mapOf("numbers.accumulate"), over: "split" },
        step("fold", "numbers.fold", "each"),
      ],
      output: "fold",
    };
    const graph = kit.pipeline({ n: "many(number)" }, [{ kind: "map", id: "outer", over: "n", body: inner }]);
    const { payload } = await kit.run(graph, { n: [2, 2, 2] });
    expect(new Set(payload.value as number[]).size).toBe(1);
  });

  it("fails the run when an item fails, and starts no further ones", async () => {
    const kit = createRunKit();
    let pulled = 0;
    let returned = false;
    async function* source() {
      try {
        for (let value = 1; value < 100; value++) {
          pulled += 1;
          yield value;
        }
      } finally {
        returned = true;
      }
    }
    const graph = kit.pipeline({ n: "many(number)" }, [mapOf("numbers.refuse", { concurrency: 1 })]);
    await expect(kit.runner.run({ graph, inputs: { n: source() } })).rejects.toMatchObject({
      code: "SG_NUMBERS_DIVISIBLE",
    });
    await kit.clock.advance(0);
    expect(returned).toBe(true);
    expect(pulled).toBeLessThan(40);
  });

  it("leaves a failed item out when it is soft, itemises it and counts it", async () => {
    const kit = createRunKit();
    const { payload, receipt } = await kit.run(
      kit.pipeline({ n: "many(number)" }, [mapOf("numbers.refuse", { soft: true })]),
      { n: [1, 2, 3, 4, 5, 6] },
    );
    expect(payload.value).toEqual([1, 2, 4, 5]);
    expect(receipt.issues.map(({ step: where, item, code }) => [where, item, code])).toEqual([
      ["each/do", "item 2", "SG_NUMBERS_DIVISIBLE"],
      ["each/do", "item 5", "SG_NUMBERS_DIVISIBLE"],
    ]);
    expect(receipt.coverage).toEqual([
      {
        measure: "item",
        done: 4,
        of: 6,
        missing: ["item 2", "item 5"].map((what) => ({
          what,
          reason: expect.stringContaining("SG_NUMBERS_DIVISIBLE") as string,
        })),
      },
    ]);
    expect(receipt.steps.find(({ id }) => id === "each")).toMatchObject({ uses: "map", failures: 2 });
  });

  it("counts items that were left out in the measure of the items", async () => {
    const { stack } = await import("../../testing/run-kit.ts");
    const pages = defineTransform({
      ...base,
      id: "kit.pages",
      from: stack,
      to: number,
      coverage: "whole",
      run(input) {
        if (input.label === "torn") throw new RangeError("torn");
        return input.pages;
      },
    });
    const kit = createRunKit([pages]);
    const graph = kit.pipeline({ s: "many(stack)" }, [
      {
        kind: "map",
        id: "each",
        over: "s",
        soft: true,
        body: { inputs: { item: "stack" }, steps: [step("do", "kit.pages", "item")], output: "do" },
      },
    ]);
    const { receipt } = await kit.run(graph, {
      s: [
        { pages: 3, label: "" },
        { pages: 5, label: "torn" },
      ],
    });
    expect(receipt.coverage).toEqual([
      {
        measure: "page",
        done: 3,
        of: 8,
        missing: [{ what: "item 1", reason: 'SG_RUN_FAILED: Step "each/do" (kit.pages@1.0.0) failed: torn' }],
      },
    ]);
  });

  it("takes back what a left-out item did to state", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        soft: true,
        body: {
          inputs: { item: "number" },
          steps: [
            step("sum", "numbers.accumulate", "item"),
            step("refuse", "numbers.refuse", "item"),
            step("both", "numbers.combine", { left: "sum", right: "refuse" }),
          ],
          output: "both",
        },
      },
    ]);
    const { payload } = await kit.run(graph, { n: [1, 3, 1] });
    expect(payload.value).toEqual([3 * 1 + 5, 3 * 2 + 5]);
  });

  it("takes back what an item did to state that a soft step left out, and what a soft sub-pipeline did", async () => {
    const kit = createRunKit();
    const both = [
      step("sum", "numbers.accumulate", "item"),
      step("refuse", "numbers.refuse", "item"),
      step("both", "numbers.combine", { left: "sum", right: "refuse" }),
    ];
    const absent: GraphBody = {
      inputs: { item: "number" },
      steps: both.map((each) => (each.id === "refuse" ? { ...each, soft: true } : each)),
      output: "both",
    };
    const left = await kit.run(
      kit.pipeline({ n: "many(number)" }, [{ kind: "map", id: "each", over: "n", body: absent }]),
      { n: [1, 3, 1] },
    );
    expect(left.payload.value).toEqual([3 * 1 + 5, 3 * 2 + 5]);
    const saved: GraphBody = {
      inputs: { item: "number" },
      steps: [
        {
          kind: "pipeline",
          id: "sub",
          soft: true,
          from: { item: "item" },
          body: { inputs: { item: "number" }, steps: both, output: "both" },
        },
        step("saved", "numbers.add", "sub", { with: { by: 0 }, soft: true, orElse: 0 }),
      ],
      output: "saved",
    };
    const kept = await kit.run(
      kit.pipeline({ n: "many(number)" }, [{ kind: "map", id: "each", over: "n", body: saved }]),
      { n: [1, 3, 1] },
    );
    expect(kept.payload.value).toEqual([3 * 1 + 5, 0, 3 * 2 + 5]);
  });

  it("ignores what a step of a failed item does to state afterwards", async () => {
    const [entered, gate, written] = [createGate(), createGate(), createGate()];
    const late = defineTransform({
      ...base,
      id: "kit.late",
      from: many(number),
      to: number,
      state: { scope: "key", schema: z.int(), initial: () => 0 },
      async run(input, { state }) {
        for await (const value of input) {
          if (value !== 3) continue;
          entered.open();
          await gate.promise;
          state.set(99, "seen");
          written.open();
        }
        await written.promise;
        return state.get("seen");
      },
    });
    const doomed = defineTransform({
      ...base,
      id: "kit.doomed",
      from: number,
      to: number,
      async run(input) {
        await entered.promise;
        if (input === 3) throw new RangeError("three");
        gate.open();
        return input;
      },
    });
    const kit = createRunKit([late, doomed]);
    const body: GraphBody = {
      inputs: { item: "number" },
      steps: [
        step("doomed", "kit.doomed", "item"),
        step("split", "numbers.split", "item", { with: { atMost: 8 } }),
        step("late", "kit.late", "split"),
        step("both", "numbers.combine", { left: "late", right: "doomed" }),
      ],
      output: "both",
    };
    const graph = kit.pipeline({ n: "many(number)" }, [{ kind: "map", id: "each", over: "n", soft: true, body }]);
    const { payload, receipt } = await kit.run(graph, { n: [3, 12] });
    expect(receipt.issues).toHaveLength(1);
    expect(payload.value).toEqual([5 * 12]);
  });

  it("passes single values on to every item", async () => {
    const kit = createRunKit();
    const graph = kit.pipeline({ n: "many(number)", k: "number" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        from: { other: "k" },
        body: {
          inputs: { item: "number", other: "number" },
          steps: [step("both", "numbers.combine", { left: "item", right: "other" })],
          output: "both",
        },
      },
    ]);
    expect((await kit.run(graph, { n: [1, 2], k: 10 })).payload.value).toEqual([53, 56]);
  });

  it("stops reading when nobody wants its results, and says so", async () => {
    const first = defineTransform({
      ...base,
      id: "kit.first",
      from: { kind: "many", item: number },
      to: number,
      async run(input) {
        for await (const value of input) return value;
        return 0;
      },
    });
    const kit = createRunKit([first]);
    let pulled = 0;
    async function* endless() {
      for (;;) yield pulled++;
    }
    const graph = kit.pipeline({ n: "many(number)" }, [mapOf("numbers.add"), step("first", "kit.first", "each")]);
    const { payload, receipt } = await kit.run(graph, { n: endless() });
    expect(payload.value).toBe(1);
    expect(pulled).toBeLessThan(100);
    expect(receipt.coverage).toEqual([expect.objectContaining({ measure: "item", of: null })]);
    await expect(kit.run(graph, { n: itemsOf([1, 2, 3]) }, { policy: { completeness: 1 } })).rejects.toMatchObject({
      code: "SG_COVERAGE_TOO_LOW",
    });
  });

  it("that left out its items tells why when the run then fails", async () => {
    const odd = defineTransform({
      ...base,
      id: "kit.none",
      from: number,
      to: number,
      run(input) {
        throw fail("SG_INPUT_INVALID", `${input} is odd`);
      },
    });
    const first = defineTransform({
      ...base,
      id: "kit.first",
      from: many(number),
      to: number,
      async run(input) {
        const [value] = await Array.fromAsync(input);
        if (value === undefined) throw fail("SG_INPUT_EMPTY", "There is nothing");
        return value;
      },
    });
    const kit = createRunKit([odd, first]);
    const graph = kit.pipeline({ n: "many(number)" }, [
      mapOf("kit.none", { soft: true }),
      step("one", "kit.first", "each"),
    ]);
    const items = Array.from({ length: 12 }, (_, index) => index);
    await expect(kit.run(graph, { n: items })).rejects.toMatchObject({
      code: "SG_INPUT_EMPTY",
      message: "There is nothing",
      details: {
        issueCount: 12,
        issues: Array.from({ length: 10 }, () => expect.objectContaining({ code: "SG_INPUT_INVALID" }) as unknown),
      },
    });
  });
});
