import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { many } from "../define/many.ts";
import { isStargateError, type StargateError } from "../errors/stargate-error.ts";
import { createRegistry } from "../registry/create-registry.ts";
import {
  add,
  combine,
  fold,
  multiply,
  number,
  numbersAdapter,
  reading,
  refuse,
  split,
  totalOfPair,
  totalOfWindow,
} from "../testing/numbers-adapter.ts";
import { randomGraph } from "../testing/random-graph.ts";
import { pipeline } from "./builder.ts";
import { compileGraph } from "./compile.ts";
import type { Graph, GraphBody, GraphStep } from "./graph.ts";
import { compilePipelineYaml, formatPipelineYaml, parsePipelineYaml } from "./yaml.ts";

const registry = createRegistry([numbersAdapter]);
const hashOf = (graph: Graph): string => compileGraph(graph, registry).planHash;

/** The same graph with every list of steps turned round. */
function reversed<B extends GraphBody>(body: B): B {
  const steps = body.steps.toReversed().map((step): GraphStep => {
    if (step.kind === "switch")
      return {
        ...step,
        cases: step.cases.map(({ when, body: inner }) => ({ when, body: reversed(inner) })),
        otherwise: reversed(step.otherwise),
      };
    return "body" in step ? { ...step, body: reversed(step.body) } : step;
  });
  return { ...body, steps };
}

function refusal(run: () => unknown): StargateError {
  try {
    run();
  } catch (error) {
    if (isStargateError(error)) return error;
    throw error;
  }
  throw new TypeError("nothing was refused");
}

const everyKind = `
name: every-kind
description: One step of each kind
inputs: { start: number, log: many(reading) }
steps:
  - id: stream
    use: numbers.split
    with: { atMost: 4 }
    from: start
  - id: each
    map: stream
    using: { extra: start }
    concurrency: 2
    soft: true
    steps:
      - { id: plus, use: numbers.add }          # reads the item
      - { id: pair, use: numbers.combine, from: { left: plus, right: extra } }
  - { id: folded, use: numbers.fold }
  - id: choose
    switch: folded
    cases:
      - when: value > 99
        steps: [{ id: big, use: numbers.add }]
      - when: { any: [descriptor.even == true, { not: "value in [1, 2]" }] }
        steps: [{ id: even, use: numbers.multiply }]
    otherwise: { steps: [], output: input }
  - id: repeat
    loop: choose
    until: value >= 1000
    maxIterations: 9
    steps: [{ id: more, use: numbers.add, with: { by: 7 } }]
  - { id: windows, window: log, seconds: 4, everySeconds: 2, key: source }
  - { id: totals, map: windows, as: window, steps: [{ id: total, use: numbers.total-of-window }] }
  - { id: pairs, join: [log, log], withinSeconds: 1, lateSeconds: 2 }
  - { id: pair-totals, map: pairs, steps: [{ id: pair-total, use: numbers.total-of-pair }] }
  - id: sums
    pipeline:
      inputs: { a: many(number), b: many(number) }
      steps:
        - { id: one, use: numbers.fold, from: a }
        - { id: two, use: numbers.fold, from: b }
        - { id: both, use: numbers.combine, from: { left: one, right: two } }
    from: { a: totals, b: pair-totals }
  - { id: end, use: numbers.combine, from: { left: repeat, right: sums } }
policy: { deadlineMs: 60000, steps: { sums: { retry: { attempts: 2 } } } }
`;

const sums = pipeline(
  "sums",
  { a: many(number), b: many(number) },
  (g, { a, b }) => g.step("both", combine, { left: g.step("one", fold, a), right: g.step("two", fold, b) }),
  { policy: { retry: { attempts: 2, backoffMs: 50, maxBackoffMs: 5000 } } },
);

const builtEveryKind = pipeline(
  "every-kind",
  { start: number, log: many(reading) },
  (g, { start, log }) => {
    const stream = g.step("stream", split, start, { with: { atMost: 4 } });
    const each = g.map(
      "each",
      stream,
      (body, item, { extra }) => body.step("pair", combine, { left: body.step("plus", add, item), right: extra }),
      { using: { extra: start }, concurrency: 2, soft: true },
    );
    const folded = g.step("folded", fold, each);
    const chosen = g.switch(
      "choose",
      folded,
      { input: folded },
      {
        cases: [
          [{ field: "value", op: ">", value: 99 }, (body, { input }) => body.step("big", add, input)],
          [
            {
              any: [
                { field: "descriptor.even", op: "==", value: true },
                { not: { field: "value", op: "in", value: [1, 2] } },
              ],
            },
            (body, { input }) => body.step("even", multiply, input),
          ],
        ],
        otherwise: (_, { input }) => input,
      },
    );
    const repeated = g.loop("repeat", chosen, (body, value) => body.step("more", add, value, { with: { by: 7 } }), {
      until: { field: "value", op: ">=", value: 1000 },
      maxIterations: 9,
    });
    const windows = g.window("windows", log, { seconds: 4, everySeconds: 2, key: "source" });
    const pairs = g.join("pairs", log, log, { withinSeconds: 1, lateSeconds: 2 });
    const end = g.pipeline("sums", sums, {
      a: g.map("totals", windows, (body, window) => body.step("total", totalOfWindow, window)),
      b: g.map("pair-totals", pairs, (body, pair) => body.step("pair-total", totalOfPair, pair)),
    });
    return g.step("end", combine, { left: repeated, right: end });
  },
  { policy: { deadlineMs: 60_000 } },
);

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

describe("what is refused, with line and column", () => {
  const head = "name: x\ninput: number\nsteps:\n";
  test.each<[string, string, string]>([
    [
      "an unknown field",
      `${head}  - id: a\n    use: numbers.add\n    form: input\n`,
      "desk.yaml:6:5: steps[0]: unknown field 'form' (did you mean 'from'?); allowed are 'id', 'soft', 'use', 'from', 'with', 'orElse'",
    ],
    [
      "a kind of step there is not",
      `${head}  - id: a\n    usee: numbers.add\n`,
      "desk.yaml:4:5: steps[0]: a step needs one of `use`, `map`, `switch`, `loop`, `window`, `join`, `pipeline` (did you mean 'use'?)",
    ],
    [
      "two kinds at once",
      `${head}  - id: a\n    use: numbers.add\n    map: input\n    steps: []\n`,
      "desk.yaml:6:5: steps[0]: a step is only one of",
    ],
    [
      "an unknown field inside a body",
      `${head}  - id: a\n    map: input\n    steps:\n      - { id: b, use: numbers.add, wiht: {} }\n`,
      "desk.yaml:7:36: steps[0].steps[0]: unknown field 'wiht' (did you mean 'with'?)",
    ],
    [
      "a value of another type",
      `${head}  - id: a\n    map: input\n    concurrency: four\n    steps: []\n`,
      "desk.yaml:6:5: steps[0].concurrency: expected number, received string",
    ],
    [
      "an id with a blank",
      `${head}  - { id: my step, use: numbers.add }\n`,
      "desk.yaml:4:7: steps[0].id: ids are letters, digits and hyphens",
    ],
    ["no input", "name: x\nsteps: []\n", "desk.yaml:1:1: the pipeline has no input: write `input: <modality>`"],
    [
      "input and inputs",
      "name: x\ninput: number\ninputs: { a: number }\nsteps: []\n",
      "desk.yaml:3:1: `input` and `inputs` exclude each other: keep one",
    ],
    [
      "a first step that could read two inputs",
      "name: x\ninputs: { a: number, b: number }\nsteps:\n  - { id: s, use: numbers.add }\n",
      "desk.yaml:4:5: steps[0]: say which wire the step reads: `from: <wire>`",
    ],
    [
      "an empty pipeline without output",
      "name: x\ninputs: { a: number, b: number }\nsteps: []\n",
      "desk.yaml:1:1: there is no step, so say what the output is: `output: <wire>`",
    ],
    [
      "no condition",
      `${head}  - id: a\n    loop: input\n    until: value\n    maxIterations: 3\n    steps: []\n`,
      "desk.yaml:6:5: steps[0].until: 'value' is no condition: write it as \"value.total >= 100\"",
    ],
    [
      "a condition with a broken list",
      `${head}  - id: a\n    loop: input\n    until: value in [1, 2\n    maxIterations: 3\n    steps: []\n`,
      "steps[0].until: 'value in [1, 2' is no condition",
    ],
    [
      "a window of seconds and items",
      `${head}  - { id: w, window: input, seconds: 2, items: 3 }\n`,
      "desk.yaml:4:5: steps[0]: a window is either so many `seconds` long or so many `items`",
    ],
    [
      "a wire handed in as the item",
      `${head}  - id: a\n    map: input\n    using: { item: input }\n    steps: []\n`,
      "desk.yaml:6:14: steps[0].using: 'item' is the name of the item",
    ],
    ["a duplicate key", "name: x\nname: y\n", "desk.yaml:2:1: Map keys must be unique"],
    [
      "broken syntax",
      "name: x\nsteps: [\n",
      "desk.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["a tag", "name: !!js/function x\n", "desk.yaml:1:7: Unresolved tag"],
    ["no object", "- a\n", "desk.yaml:1:1: expected object, received array"],
    ["nothing", "", "desk.yaml:1:1: expected object, received null"],
    [
      "a graph that is not well formed",
      JSON.stringify({ stargate: 1, name: "x", inputs: {}, steps: [], output: 3 }),
      "desk.yaml:1:49: output: expected string, received number",
    ],
  ])("%s", (_, text, message) => {
    const error = refusal(() => parsePipelineYaml(text, "desk.yaml"));
    expect(error.code).toBe("SG_GRAPH_INVALID");
    expect(error.message).toContain(message);
  });

  test("all problems are told at once", () => {
    const error = refusal(() =>
      parsePipelineYaml(
        `${head}  - { id: a, use: 3 }\n  - { id: b }\n  - { id: c, use: x, y: 1, z: 2 }\n`,
        "desk.yaml",
      ),
    );
    expect(error.message).toContain(
      "desk.yaml:4:14: steps[0].use: expected string, received number; desk.yaml:5:5: steps[1]: a step needs one of",
    );
    expect(error.message).toMatch(/; and 1 more$/);
    expect(error.details["problems"]).toHaveLength(4);
  });

  test.each<[string, string, string, string]>([
    [
      "SG_GRAPH_MISMATCH",
      "a mismatch, with the fix",
      `${head}  - { id: s, use: numbers.split }\n  - { id: a, use: numbers.add }\n`,
      "desk.yaml:5:5: step 'a' takes number, but wire 's' carries many(number); insert: map",
    ],
    [
      "SG_GRAPH_MISMATCH",
      "a mismatch inside a body",
      `${head}  - { id: s, use: numbers.split }\n  - id: m\n    map: s\n    steps:\n      - { id: f, use: numbers.fold }\n`,
      "desk.yaml:8:9: step 'm/f' takes many(number), but wire 'item' carries number; insert: numbers.split (number -> many(number))",
    ],
    [
      "SG_OPTIONS_INVALID",
      "an unknown option in a branch",
      `${head}  - id: w\n    switch: input\n    cases:\n      - when: value > 1\n        steps:\n          - { id: a, use: numbers.add, with: { bye: 1 } }\n    otherwise: { steps: [], output: input }\n`,
      "desk.yaml:9:13: options of step 'w/a' (numbers.add): unknown field 'bye' (did you mean 'by'?); allowed are 'by'",
    ],
    [
      "SG_REGISTRY_UNKNOWN",
      "an unknown transform in a sub-pipeline",
      `${head}  - id: p\n    pipeline:\n      steps: [{ id: a, use: numbers.ad }]\n`,
      "desk.yaml:6:15: step 'p/a': No open adapter defines the transform \"numbers.ad\" (did you mean 'numbers.add'?)",
    ],
    [
      "SG_GRAPH_INVALID",
      "a step nothing reads",
      `${head}  - { id: a, use: numbers.add }\n  - { id: b, use: numbers.add, from: input }\n`,
      "desk.yaml:4:5: nothing reads what step 'a' makes",
    ],
    [
      "SG_GRAPH_INVALID",
      "an input without modality",
      "name: x\ninput: '*'\nsteps: [{ id: a, use: numbers.add }]\n",
      "desk.yaml:1:1: input 'input' of the pipeline has no modality",
    ],
  ])("%s: %s", (code, _, text, message) => {
    const error = refusal(() => compilePipelineYaml(text, registry, "desk.yaml"));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe("what is too much", () => {
  test.each<[string, string, string]>([
    ["a text of megabytes", `name: ${"x".repeat(262_144)}`, "pipeline has 262150 characters, more than 262144"],
    [
      "an alias bomb",
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${"bcdefghij"
        .split("")
        .map(
          (name, index) =>
            `${name}: &${name} [${Array(10)
              .fill(`*${"abcdefghi"[index] ?? ""}`)
              .join(", ")}]`,
        )
        .join("\n")}\n`,
      "pipeline repeats itself by aliases beyond all measure",
    ],
    ["lists in lists in lists", "[".repeat(200_000), "nested too deeply"],
    [
      "steps in steps in steps",
      `name: x\ninput: number\nsteps: ${"[{id: a, map: input, steps: ".repeat(300)}[]${"}]".repeat(300)}`,
      "the pipeline is nested more than 200 levels deep",
    ],
    [
      "a field that would become a prototype",
      "name: x\ninput: number\nsteps: [{ id: a, use: numbers.add, with: { __proto__: { by: 2 } } }]",
      "the pipeline has a field '__proto__'",
    ],
  ])("%s is refused", (_, text, message) => {
    const error = refusal(() => parsePipelineYaml(text));
    expect(error.code).toBe("SG_GRAPH_INVALID");
    expect(error.message).toContain(message);
  });
});
