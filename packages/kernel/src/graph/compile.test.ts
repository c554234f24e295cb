import { describe, expect, test } from "vitest";
import { compileGraph } from "./compile.ts";
import type { GraphBody, GraphStep } from "./graph.ts";
import {
  registry,
  words,
  split,
  read,
  readAll,
  join,
  graphOf,
  numbers,
  numberStep,
  refusal,
} from "./compile.fixture.ts";

describe("compileGraph", () => {
  test("pins versions, fills defaults and resolves every step", () => {
    const compiled = compileGraph(graphOf(), registry);
    expect(compiled.graph).toEqual({
      stargate: 1,
      name: "desk",
      inputs: { input: "paper" },
      output: "text",
      policy: {},
      steps: [
        { ...split, use: "desk.split@1.0.0", with: { dpi: 300 } },
        {
          ...readAll,
          from: {},
          concurrency: 4,
          order: "input",
          body: { inputs: { page: "sheet" }, output: "ocr", steps: [{ ...read, use: "desk.read@2.0.0", with: {} }] },
        },
        { ...join, use: "desk.join@1.0.0", with: {} },
      ],
    });
    expect(compiled.steps.map((step) => step.path)).toEqual(["pages", "read", "text"]);
    expect(compiled.outputPort).toEqual({ modality: words, many: false });
    expect(compiled.stateful).toBe(false);
  });

  test("the plan hash ignores name, description, listing order and spelled-out defaults, and nothing else", () => {
    const { planHash } = compileGraph(graphOf(), registry);
    expect(planHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    const same = [
      { ...graphOf(), name: "other", description: "Other" },
      graphOf({ steps: [join, readAll, split] }),
      graphOf({
        steps: [
          { ...split, with: { dpi: 300 } },
          { ...readAll, concurrency: 4, from: {}, soft: false } as GraphStep,
          join,
        ],
      }),
      compileGraph(graphOf(), registry).graph,
    ];
    expect(same.map((graph) => compileGraph(graph, registry).planHash)).toEqual(same.map(() => planHash));
    const others = [
      graphOf({ steps: [{ ...split, with: { dpi: 200 } }, readAll, join] }),
      graphOf({ steps: [split, { ...readAll, concurrency: 2 }, join] }),
      graphOf({ policy: { degrade: "never" } }),
      graphOf({
        steps: [split, { ...readAll, body: { ...readAll.body, steps: [{ ...read, use: "desk.read@1.0.0" }] } }, join],
      }),
    ];
    const hashes = others.map((graph) => compileGraph(graph, registry).planHash);
    expect(new Set([planHash, ...hashes]).size).toBe(5);
  });

  test("options whose parsed form cannot be parsed again keep the spelling given", () => {
    const size: GraphStep = {
      kind: "transform",
      id: "size",
      use: "desk.size",
      from: "input",
      with: { limit: "12 MB" },
    };
    const compiled = compileGraph(graphOf({ inputs: { input: "words" }, steps: [size], output: "size" }), registry);
    expect(compiled.steps[0]).toHaveProperty("options", { limit: 12 });
    expect(compiled.graph.steps[0]).toHaveProperty("with", { limit: "12 MB" });
  });

  test("a policy may name a step by its path or by ids inside one another", () => {
    const nested = graphOf({ policy: { steps: { read: { steps: { ocr: { degrade: "never" } } } } } });
    const path = graphOf({ policy: { steps: { "read/ocr": { degrade: "never" } } } });
    expect([nested, path].map((graph) => compileGraph(graph, registry).policy)).toEqual([nested.policy, path.policy]);
  });

  test("a map whose body holds state runs one item at a time", () => {
    const stream = numberStep("stream", "split", "n");
    const map: GraphStep = {
      kind: "map",
      id: "each",
      over: "stream",
      body: { inputs: { item: "number" }, steps: [numberStep("sum", "accumulate", "item")], output: "sum" },
    };
    const compiled = compileGraph(numbers([stream, map, numberStep("total", "fold", "each")]), registry);
    expect(compiled.graph.steps.find((step) => step.id === "each")).toHaveProperty("concurrency", 1);
    expect(compiled.stateful).toBe(true);
    expect(refusal(numbers([stream, { ...map, concurrency: 3 }]))).toHaveProperty(
      "message",
      "map 'each' has concurrency 3, but its body holds state between items",
    );
  });

  test("windows and joins get their defaults and hold state, but not inside a map, where they end with the item", () => {
    const windows = (over: string): readonly GraphStep[] => [
      { kind: "window", id: "w", over, size: { seconds: 4 } },
      {
        kind: "map",
        id: "totals",
        over: "w",
        body: {
          inputs: { item: "window(reading)" },
          steps: [numberStep("total", "total-of-window", "item")],
          output: "total",
        },
      },
      numberStep("sum", "fold", "totals"),
    ];
    const flat = compileGraph(numbers([numberStep("samples", "sample", "n"), ...windows("samples")]), registry);
    expect(flat.graph.steps.find((step) => step.id === "w")).toEqual({
      kind: "window",
      id: "w",
      over: "samples",
      size: { seconds: 4, everySeconds: 4 },
      lateSeconds: 0,
    });
    expect(flat.stateful).toBe(true);
    const body: GraphBody = {
      inputs: { item: "number" },
      steps: [numberStep("samples", "sample", "item"), ...windows("samples")],
      output: "sum",
    };
    const mapped = compileGraph(
      numbers([numberStep("stream", "split", "n"), { kind: "map", id: "each", over: "stream", body }]),
      registry,
    );
    expect(mapped.stateful).toBe(false);
    expect(mapped.graph.steps.find((step) => step.id === "each")).toHaveProperty("concurrency", 4);
  });

  test("the input of a map's body that nothing else feeds takes the item", () => {
    const body: GraphBody = {
      inputs: { extra: "number", item: "number" },
      steps: [numberStep("both", "combine", { left: "item", right: "extra" })],
      output: "both",
    };
    const map: GraphStep = { kind: "map", id: "each", over: "stream", from: { extra: "n" }, body };
    const compiled = compileGraph(numbers([numberStep("stream", "split", "n"), map]), registry);
    const [, step] = compiled.graph.steps as [GraphStep, Extract<GraphStep, { kind: "map" }>];
    expect(Object.keys(step.body.inputs)).toEqual(["item", "extra"]);
  });
});
