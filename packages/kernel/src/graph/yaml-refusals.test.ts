import { describe, expect, test } from "vitest";
import { compilePipelineYaml, parsePipelineYaml } from "./yaml.ts";
import { registry, refusal } from "./yaml.fixture.ts";

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
