import { describe, expect, it } from "vitest";
import { defineTransform } from "../../define/define-transform.ts";
import type { GraphBody, GraphStep } from "../../graph/graph.ts";
import { number } from "../../testing/numbers-adapter.ts";
import { createRunKit, step } from "../../testing/run-kit.ts";

const one = (use: string, by?: number, id = "do"): GraphBody => ({
  inputs: { value: "number" },
  steps: [step(id, use, "value", by === undefined ? {} : { with: { by } })],
  output: id,
});

describe("a switch", () => {
  const kit = createRunKit();
  const choose: GraphStep = {
    kind: "switch",
    id: "choose",
    on: "n",
    from: { value: "n" },
    cases: [
      { when: { field: "value", op: "<", value: 10 }, body: one("numbers.add", 100) },
      {
        when: { field: "descriptor.even", op: "==", value: true },
        body: { inputs: { value: "number" }, steps: [], output: "value" },
      },
    ],
    otherwise: one("numbers.multiply", 2, "double"),
  };

  it("takes the first branch whose condition holds, or the other one, and runs no further one", async () => {
    const graph = kit.pipeline({ n: "number" }, [choose]);
    const { payload, receipt } = await kit.run(graph, { n: 8 });
    expect(payload.value).toBe(108);
    expect(receipt.steps.map(({ id }) => id)).toEqual(["choose", "choose/do"]);
    expect((await kit.run(graph, { n: 12 })).payload.value).toBe(12);
    expect((await kit.run(graph, { n: 13 })).payload.value).toBe(26);
  });

  it("hands streams through to the branch and leaves those it does not read", async () => {
    const branch = (output: string, steps: readonly GraphStep[]): GraphBody => ({
      inputs: { items: "many(number)" },
      steps,
      output,
    });
    const graph = kit.pipeline({ n: "number", s: "many(number)" }, [
      {
        kind: "switch",
        id: "choose",
        on: "n",
        from: { items: "s" },
        cases: [{ when: { field: "value", op: "==", value: 1 }, body: branch("items", []) }],
        otherwise: branch("thin", [step("thin", "numbers.every-other", "items")]),
      },
    ]);
    const s = Array.from({ length: 100 }, (_, index) => index);
    expect((await kit.run(graph, { n: 1, s })).payload.value).toEqual(s);
    expect((await kit.run(graph, { n: 2, s })).payload.value).toEqual(s.filter((value) => value % 2 === 0));
  });
});

describe("a loop", () => {
  const kit = createRunKit();
  const loop = (maxIterations: number) =>
    kit.pipeline({ n: "number" }, [
      {
        kind: "loop",
        id: "again",
        from: "n",
        body: one("numbers.multiply", 2),
        until: { field: "value", op: ">=", value: 100 },
        maxIterations,
      },
    ]);

  it("repeats its body until the condition holds for what the body gave", async () => {
    const { payload, receipt } = await kit.run(loop(20), { n: 3 });
    expect(payload.value).toBe(192);
    expect(receipt.steps.find(({ id }) => id === "again/do")?.invocations).toBe(6);
    expect(receipt.issues).toEqual([]);
  });

  it("runs its body at least once", async () => {
    expect((await kit.run(loop(20), { n: 500 })).payload.value).toBe(1000);
  });

  it("takes the last value at its bound, and says so", async () => {
    const { payload, receipt } = await kit.run(loop(2), { n: 3 });
    expect(payload.value).toBe(12);
    expect(receipt.issues).toEqual([expect.objectContaining({ step: "again", code: "SG_RUN_LOOP_LIMIT" })]);
  });
});

describe("a sub-pipeline", () => {
  it("runs in the place of a step, with its own names", async () => {
    const kit = createRunKit();
    const body: GraphBody = {
      inputs: { left: "number", right: "number" },
      steps: [step("both", "numbers.combine", { left: "left", right: "right" })],
      output: "both",
    };
    const graph = kit.pipeline({ a: "number", b: "number" }, [
      { kind: "pipeline", id: "sub", from: { left: "a", right: "b" }, body },
      step("add", "numbers.add", "sub"),
    ]);
    const { payload, receipt } = await kit.run(graph, { a: 1, b: 2 });
    expect(payload.value).toBe(14);
    expect(receipt.steps.map(({ id, uses }) => [id, uses])).toEqual([
      ["sub", "pipeline"],
      ["sub/both", "numbers.combine@1.0.0"],
      ["add", "numbers.add@1.0.0"],
    ]);
  });

  it("that is soft inside a map takes only its item with it, and cancels what still runs in it", async () => {
    const signals: AbortSignal[] = [];
    const patient = defineTransform({
      id: "kit.patient",
      version: "1.0.0",
      summary: "Waits until it is cancelled, for even numbers",
      from: number,
      to: number,
      run(input, { signal }) {
        if (input % 2 === 1) return input;
        signals.push(signal);
        return new Promise<number>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        );
      },
    });
    const kit = createRunKit([patient]);
    const inner: GraphBody = {
      inputs: { value: "number" },
      steps: [
        step("wait", "kit.patient", "value"),
        step("refuse", "numbers.refuse", "value", { with: { by: 2 } }),
        step("both", "numbers.combine", { left: "wait", right: "refuse" }),
      ],
      output: "both",
    };
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        body: {
          inputs: { item: "number" },
          steps: [{ kind: "pipeline", id: "sub", soft: true, from: { value: "item" }, body: inner }],
          output: "sub",
        },
      },
    ]);
    const { payload, receipt } = await kit.run(graph, { n: [1, 2, 3] });
    expect(payload.value).toEqual([8, 24]);
    expect(receipt.issues).toEqual([expect.objectContaining({ step: "each/sub/refuse", item: "item 1" })]);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });
});

describe("a pipeline without steps", () => {
  it("gives its input back, value or stream", async () => {
    const kit = createRunKit();
    const value = kit.pipeline({ n: "number" }, [], { output: "n" });
    expect((await kit.run(value, { n: 4 })).payload.value).toBe(4);
    const stream = kit.pipeline({ n: "many(number)" }, [], { output: "n" });
    expect((await kit.run(stream, { n: [1, 2, 3] })).payload).toMatchObject({
      modality: "many(number)",
      value: [1, 2, 3],
      descriptor: { items: 3 },
    });
  });
});
