import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, fold, number, refuse, split } from "../testing/numbers-adapter.ts";
import { randomGraph } from "../testing/random-graph.ts";
import { pipeline } from "./builder.ts";
import { compileGraph } from "./compile.ts";
import type { Graph } from "./graph.ts";
import { formatPipelineYaml, parsePipelineYaml } from "./yaml.ts";
import { registry, hashOf, reversed, everyKind, builtEveryKind } from "./yaml.fixture.ts";

describe("parsePipelineYaml", () => {
  test("the shortest pipeline: one input, each step reads the one before, the last one is the output", () => {
    const text =
      "name: short\ninput: number\nsteps:\n  - { id: plus, use: numbers.add }\n  - { id: times, use: numbers.multiply, with: { by: 3 }, soft: true, orElse: 0 }\n";
    expect(parsePipelineYaml(text)).toEqual({
      stargate: 1,
      name: "short",
      inputs: { input: "number" },
      steps: [
        { kind: "transform", id: "plus", use: "numbers.add", from: "input" },
        {
          kind: "transform",
          id: "times",
          use: "numbers.multiply",
          from: "plus",
          with: { by: 3 },
          soft: true,
          orElse: 0,
        },
      ],
      output: "times",
    });
  });

  test("every kind of step has the plan hash of the same pipeline from the builder", () => {
    // The item has the name that `as` gives it, and a name is part of the plan.
    const text = everyKind.replace("as: window, ", "");
    expect(hashOf(parsePipelineYaml(text))).toBe(hashOf(builtEveryKind.graph));
    expect(hashOf(parsePipelineYaml(everyKind))).not.toBe(hashOf(builtEveryKind.graph));
  });

  test("JSON is YAML, and a graph as JSON is read, too", () => {
    const spelled = { name: "short", input: "number", steps: [{ id: "plus", use: "numbers.add" }] };
    const graph = parsePipelineYaml(JSON.stringify(spelled));
    expect(graph.steps).toEqual([{ kind: "transform", id: "plus", use: "numbers.add", from: "input" }]);
    expect(parsePipelineYaml(JSON.stringify(graph, null, 2))).toEqual(graph);
  });

  test("aliases save repetition", () => {
    const text =
      "name: twice\ninput: number\nsteps:\n  - { id: a, use: numbers.add, with: &by { by: 4 } }\n  - { id: b, use: numbers.add, with: *by }\n";
    expect(parsePipelineYaml(text).steps[1]).toHaveProperty("with", { by: 4 });
  });
});

describe("formatPipelineYaml", () => {
  test("spells a pipeline as people write it", () => {
    const built = pipeline(
      "desk",
      number,
      (g, input) => {
        const stream = g.step("stream", split, input, { with: { atMost: 3 } });
        const read = g.map("read", stream, (body, item) => body.step("risky", refuse, item), {
          concurrency: 4,
          soft: true,
        });
        const sum = g.step("sum", fold, read);
        return g.loop("repeat", sum, (body, value) => body.step("more", add, value), {
          until: { field: "value", op: ">", value: 99 },
          maxIterations: 5,
        });
      },
      { policy: { deadlineMs: 60_000 } },
    );
    expect(formatPipelineYaml(built.graph)).toBe(`name: desk
input: number
steps:
  - id: stream
    use: numbers.split@1.0.0
    with:
      atMost: 3
  - id: read
    map: stream
    concurrency: 4
    soft: true
    steps:
      - id: risky
        use: numbers.refuse@1.0.0
  - id: sum
    use: numbers.fold@1.0.0
  - id: repeat
    loop: sum
    until: value > 99
    maxIterations: 5
    steps:
      - id: more
        use: numbers.add@1.0.0
policy:
  deadlineMs: 60000
`);
  });

  test.each([
    ["from the builder", builtEveryKind.graph],
    ["from YAML, with names of its own for items", parsePipelineYaml(everyKind)],
    ["whose steps are listed last to first, so that the output is not the last one", reversed(builtEveryKind.graph)],
  ])("a graph %s keeps the plan hash on the way through YAML", (_, graph) => {
    expect(hashOf(parsePipelineYaml(formatPipelineYaml(graph)))).toBe(hashOf(graph));
  });

  test.each(["true", "null", "12", "a b", "", "image/*"])("the text %j in a condition stays a text", (value) => {
    const text = (when: string): string =>
      `name: x\ninput: text\nsteps: [{ id: a, loop: input, until: ${when}, maxIterations: 1, steps: [], output: value }]\n`;
    const graph = parsePipelineYaml(text(JSON.stringify({ field: "value", op: "==", value })));
    expect(parsePipelineYaml(formatPipelineYaml(graph))).toEqual(graph);
  });

  test("any graph, and its normal form, keep the plan hash on the way through YAML", () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, completionOrder) => {
        const { graph } = randomGraph(seed, { completionOrder });
        expect(hashOf(reversed(graph))).toBe(hashOf(graph));
        const compiled = compileGraph(graph, registry);
        const spellings = [
          formatPipelineYaml(graph),
          formatPipelineYaml(compiled.graph),
          formatPipelineYaml(reversed(graph)),
          JSON.stringify(graph),
        ];
        expect(spellings.map((text) => hashOf(parsePipelineYaml(text)))).toEqual(
          spellings.map(() => compiled.planHash),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("any condition survives its short spelling", () => {
    // Never -0, which JSON cannot carry, nor __proto__, which is refused.
    const value = fc
      .json()
      .filter((text) => !text.includes("__proto__"))
      .map((text) => JSON.parse(text) as unknown);
    const field = fc.constantFrom("value", "value.a", "descriptor.b.c", "value.with space");
    const comparison = fc.record({
      field,
      op: fc.constantFrom("==" as const, "!=" as const, "in" as const, "matches" as const, "<" as const, ">=" as const),
      value,
    });
    const presence = fc.record({ field, exists: fc.boolean() });
    fc.assert(
      fc.property(
        fc.oneof(
          comparison,
          presence,
          comparison.map((part) => ({ all: [part, { not: part }] })),
        ),
        (when) => {
          const branch = { inputs: { input: "*" }, steps: [], output: "input" };
          const graph = {
            stargate: 1,
            name: "x",
            inputs: { input: "number" },
            steps: [
              {
                kind: "switch",
                id: "s",
                on: "input",
                from: { input: "input" },
                cases: [{ when, body: branch }],
                otherwise: branch,
              },
            ],
            output: "s",
          } as unknown as Graph; // any JSON for the condition's value
          expect(parsePipelineYaml(formatPipelineYaml(graph)).steps).toEqual(JSON.parse(JSON.stringify(graph.steps)));
        },
      ),
    );
  });
});
