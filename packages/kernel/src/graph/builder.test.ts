import { describe, expect, test } from "vitest";
import { many } from "../define/many.ts";
import { createRegistry } from "../registry/create-registry.ts";
import {
  add,
  combine,
  fold,
  number,
  numbersAdapter,
  reading,
  refuse,
  split,
  totalOfPair,
  totalOfWindow,
} from "../testing/numbers-adapter.ts";
import { pipeline, type WireOf } from "./builder.ts";
import { compileGraph } from "./compile.ts";
import type { Graph } from "./graph.ts";

const registry = createRegistry([numbersAdapter]);

describe("pipeline", () => {
  test("a single input is named input, named inputs keep their names", () => {
    expect(pipeline("single", number, (g, input) => g.step("plus", add, input)).graph).toEqual({
      stargate: 1,
      name: "single",
      inputs: { input: "number" },
      steps: [{ kind: "transform", id: "plus", use: "numbers.add@1.0.0", from: "input" }],
      output: "plus",
    });
    const named = pipeline("named", { left: number, right: many(number) }, (g, { left, right }) =>
      g.step("both", combine, { left, right: g.step("one", fold, right) }),
    );
    expect(named.inputs).toEqual({ left: "number", right: "many(number)" });
    expect(named.output).toBe("number");
    expect(named.graph.steps.map((step) => step.id)).toEqual(["one", "both"]);
  });

  test("every kind of step makes the graph that JSON would spell", () => {
    const inner = pipeline("inner", number, (g, input) => g.step("plus", add, input, { with: { by: 2 } }), {
      policy: { deadlineMs: 50 },
    });
    const until = { field: "value", op: ">", value: 99 } as const;
    const all = pipeline(
      "all",
      { start: number, log: many(reading) },
      (g, { start, log }) => {
        const stream = g.step("stream", split, start);
        const mapped = g.map(
          "each",
          stream,
          (body, item, { extra }) =>
            body.step("pair", combine, { left: item, right: body.pipeline("sub", inner, extra) }),
          { using: { extra: start }, concurrency: 2, soft: true },
        );
        const folded = g.step("folded", fold, mapped);
        const chosen = g.switch(
          "choose",
          folded,
          { folded, start },
          {
            cases: [[until, (body, { start: wire }) => body.step("big", add, wire)]],
            otherwise: (body, { folded: wire }) => body.step("risky", refuse, wire, { soft: true, orElse: 0 }),
          },
        );
        const looped = g.loop("repeat", chosen, (body, value) => body.step("more", add, value), {
          until,
          maxIterations: 9,
        });
        const windows = g.map("totals", g.window("windows", log, { seconds: 4, key: "source" }), (body, window) =>
          body.step("total", totalOfWindow, window),
        );
        const pairs = g.map("pair-totals", g.join("pairs", log, log, { withinSeconds: 1 }), (body, pair) =>
          body.step("pair-total", totalOfPair, pair),
        );
        const sums = g.step("sums", combine, { left: g.step("one", fold, windows), right: g.step("two", fold, pairs) });
        return g.step("end", combine, { left: looped, right: sums });
      },
      {
        description: "One of each",
        policy: {
          degrade: "never",
          steps: { each: { steps: { sub: { retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1 } } } } },
        },
      },
    );
    const graph: Graph = {
      stargate: 1,
      name: "all",
      description: "One of each",
      inputs: { start: "number", log: "many(reading)" },
      steps: [
        { kind: "transform", id: "stream", use: "numbers.split@1.0.0", from: "start" },
        {
          kind: "map",
          id: "each",
          over: "stream",
          from: { extra: "start" },
          concurrency: 2,
          soft: true,
          body: {
            inputs: { item: "number", extra: "number" },
            steps: [
              {
                kind: "pipeline",
                id: "sub",
                from: { input: "extra" },
                body: {
                  inputs: { input: "number" },
                  steps: [{ kind: "transform", id: "plus", use: "numbers.add@1.0.0", from: "input", with: { by: 2 } }],
                  output: "plus",
                },
              },
              { kind: "transform", id: "pair", use: "numbers.combine@1.0.0", from: { left: "item", right: "sub" } },
            ],
            output: "pair",
          },
        },
        { kind: "transform", id: "folded", use: "numbers.fold@1.0.0", from: "each" },
        {
          kind: "switch",
          id: "choose",
          on: "folded",
          from: { folded: "folded", start: "start" },
          cases: [
            {
              when: until,
              body: {
                inputs: { folded: "number", start: "number" },
                steps: [{ kind: "transform", id: "big", use: "numbers.add@1.0.0", from: "start" }],
                output: "big",
              },
            },
          ],
          otherwise: {
            inputs: { folded: "number", start: "number" },
            steps: [
              { kind: "transform", id: "risky", use: "numbers.refuse@1.0.0", from: "folded", soft: true, orElse: 0 },
            ],
            output: "risky",
          },
        },
        {
          kind: "loop",
          id: "repeat",
          from: "choose",
          until,
          maxIterations: 9,
          body: {
            inputs: { value: "number" },
            steps: [{ kind: "transform", id: "more", use: "numbers.add@1.0.0", from: "value" }],
            output: "more",
          },
        },
        { kind: "window", id: "windows", over: "log", size: { seconds: 4 }, key: "source" },
        {
          kind: "map",
          id: "totals",
          over: "windows",
          body: {
            inputs: { item: "window(reading)" },
            steps: [{ kind: "transform", id: "total", use: "numbers.total-of-window@1.0.0", from: "item" }],
            output: "total",
          },
        },
        { kind: "join", id: "pairs", left: "log", right: "log", withinSeconds: 1 },
        {
          kind: "map",
          id: "pair-totals",
          over: "pairs",
          body: {
            inputs: { item: "joined(reading,reading)" },
            steps: [{ kind: "transform", id: "pair-total", use: "numbers.total-of-pair@1.0.0", from: "item" }],
            output: "pair-total",
          },
        },
        { kind: "transform", id: "one", use: "numbers.fold@1.0.0", from: "totals" },
        { kind: "transform", id: "two", use: "numbers.fold@1.0.0", from: "pair-totals" },
        { kind: "transform", id: "sums", use: "numbers.combine@1.0.0", from: { left: "one", right: "two" } },
        { kind: "transform", id: "end", use: "numbers.combine@1.0.0", from: { left: "repeat", right: "sums" } },
      ],
      output: "end",
      policy: {
        degrade: "never",
        steps: { each: { steps: { sub: { deadlineMs: 50, retry: { attempts: 2, backoffMs: 1, maxBackoffMs: 1 } } } } },
      },
    };
    expect(all.graph).toEqual(graph);
    expect(all.transforms.map((transform) => transform.id)).toEqual([
      "numbers.split",
      "numbers.add",
      "numbers.combine",
      "numbers.fold",
      "numbers.refuse",
      "numbers.total-of-window",
      "numbers.total-of-pair",
    ]);
    expect(compileGraph(all.graph, registry).outputPort.modality.id).toBe("number");
  });

  test("what it makes is frozen through and through", () => {
    const { graph } = pipeline("frozen", number, (g, input) => g.step("plus", add, input, { with: { by: 2 } }));
    expect(() => Object.assign(graph.steps[0] ?? {}, { id: "other" })).toThrow(TypeError);
    expect(() => Object.assign(graph.inputs, { more: "number" })).toThrow(TypeError);
  });

  test("a wire of the graph around is refused in a body, with the way to hand it in", () => {
    const build = () =>
      pipeline("scopes", number, (g, input) =>
        g.step(
          "fold",
          fold,
          g.map("each", g.step("stream", split, input), (body) => body.step("plus", add, input)),
        ),
      );
    expect(build).toThrow(
      expect.objectContaining({
        code: "SG_GRAPH_INVALID",
        message: "wire 'input' does not belong to the body of step 'each', where it is read",
        hint: "Hand it in: `using` of a map, the inputs of a switch, or an input of the pipeline.",
      }),
    );
  });

  test("a wire that leaked out of a body is refused, too", () => {
    const leaked: WireOf<"number">[] = [];
    const build = () =>
      pipeline("leak", number, (g, input) => {
        g.map("each", g.step("stream", split, input), (body, item) => {
          leaked.push(item);
          return item;
        });
        return g.step("plus", add, leaked[0] ?? input);
      });
    expect(build).toThrow("wire 'item' does not belong to the body of pipeline 'leak', where it is read");
  });

  test("an id that is not well formed is refused when the pipeline is built", () => {
    expect(() => pipeline("ids", number, (g, input) => g.step("My step", add, input))).toThrow(
      "steps[0].id: ids are letters, digits and hyphens",
    );
  });
});
