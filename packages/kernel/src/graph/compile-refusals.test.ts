import { describe, expect, test } from "vitest";
import type { Graph, GraphStep } from "./graph.ts";
import { split, read, readAll, join, graphOf, numbers, numberStep, addOne, refusal } from "./compile.fixture.ts";

describe("compileGraph refuses", () => {
  const over = (step: Partial<Extract<GraphStep, { kind: "map" }>>): GraphStep => ({
    kind: "map",
    id: "each",
    over: "stream",
    body: addOne("item"),
    ...step,
  });
  const stream = numberStep("stream", "split", "n");
  const sampled = numberStep("samples", "sample", "n");
  const choose = (parts: Partial<Extract<GraphStep, { kind: "switch" }>>): GraphStep => ({
    kind: "switch",
    id: "choose",
    on: "n",
    from: { x: "n" },
    cases: [{ when: { field: "value", op: ">", value: 3 }, body: addOne("x", "big") }],
    otherwise: addOne("x", "small"),
    ...parts,
  });
  const repeat = (parts: Partial<Extract<GraphStep, { kind: "loop" }>>): GraphStep => ({
    kind: "loop",
    id: "repeat",
    from: "n",
    body: addOne("x"),
    until: { field: "value", op: ">", value: 9 },
    maxIterations: 5,
    ...parts,
  });

  test.each<[string, unknown, string]>([
    // --- shape
    [
      "a field the schema does not know",
      { ...graphOf(), steps: [{ ...split, form: "input" }] },
      "the pipeline is not well formed: steps[0]: unknown field 'form' (did you mean 'from'?); allowed are 'kind', 'id', 'soft', 'use', 'from', 'with', 'orElse'",
    ],
    [
      "a kind of step there is not",
      { ...graphOf(), steps: [{ ...split, kind: "trafo" }] },
      "the pipeline is not well formed: steps[0].kind: Invalid discriminator value. Expected 'transform' | 'map' | 'switch' | 'loop' | 'window' | 'join' | 'pipeline'",
    ],
    [
      "an id with a blank",
      graphOf({ steps: [{ ...split, id: "my pages" }] }),
      "the pipeline is not well formed: steps[0].id: ids are letters, digits and hyphens, beginning with a small letter",
    ],
    [
      "a condition with an unknown operator",
      numbers([choose({ cases: [{ when: { field: "value", op: "=" as "==", value: 1 }, body: addOne("x", "big") }] })]),
      'the pipeline is not well formed: steps[0].cases[0].when.op: expected one of "=="|"!="|"<"|"<="|">"|">="|"in"|"matches"',
    ],
    ["no inputs", graphOf({ inputs: {} }), "the pipeline has no input"],
    // --- wires
    [
      "a wire that is not there",
      graphOf({ steps: [split, { ...readAll, over: "page" }, join] }),
      "step 'read' reads wire 'page', which is neither an input nor a step (did you mean 'pages'?)",
    ],
    [
      "an output that is not there",
      graphOf({ output: "txt" }),
      "the output of the pipeline is wire 'txt', which is neither an input nor a step (did you mean 'text'?)",
    ],
    [
      "two steps of one id",
      numbers([numberStep("a", "add", "n"), numberStep("a", "add", "n")]),
      "two steps have the id 'a'",
    ],
    ["a step named like an input", numbers([numberStep("n", "add", "n")]), "step 'n' has the name of an input"],
    [
      "a circle",
      numbers([
        numberStep("a", "combine", { left: "n", right: "c" }),
        numberStep("b", "add", "a"),
        numberStep("c", "add", "b"),
      ]),
      "steps feed one another in a circle: a -> b -> c -> a",
    ],
    [
      "a step nothing reads",
      numbers([numberStep("a", "add", "n"), numberStep("b", "add", "n")]),
      "nothing reads what step 'a' makes",
    ],
    [
      "an input nothing reads",
      numbers([numberStep("a", "add", "n")], { n: "number", m: "number" }),
      "nothing reads input 'm' of the pipeline",
    ],
    [
      "an input of a body that nothing reads",
      numbers([
        stream,
        over({
          body: { inputs: { item: "number", k: "number" }, steps: [numberStep("a", "add", "item")], output: "a" },
          from: { k: "n" },
        }),
      ]),
      "nothing reads input 'k' of step 'each'",
    ],
    // --- transforms
    [
      "a transform with one input fed by name",
      numbers([numberStep("a", "add", { x: "n" })]),
      "step 'a' (numbers.add) has one input without a name, but is fed by name: x",
    ],
    [
      "a transform with named inputs fed one wire",
      numbers([numberStep("a", "combine", "n")]),
      "step 'a' (numbers.combine) has named inputs, but is fed one wire, 'n'",
    ],
    [
      "an input a transform has not",
      numbers([numberStep("a", "combine", { left: "n", rihgt: "n" })]),
      "step 'a' (numbers.combine) has no input 'rihgt' (did you mean 'right'?)",
    ],
    [
      "an input that is not fed",
      numbers([numberStep("a", "combine", { left: "n" })]),
      "input 'right' of step 'a' (numbers.combine) is not fed",
    ],
    // --- map
    [
      "a map whose body makes a stream",
      numbers([
        stream,
        over({ body: { inputs: { item: "number" }, steps: [numberStep("more", "split", "item")], output: "more" } }),
      ]),
      "the body of map 'each' makes many(number), but must make one value per item",
    ],
    [
      "a map whose body takes a stream",
      numbers([
        stream,
        over({ body: { inputs: { item: "many(number)" }, steps: [numberStep("one", "fold", "item")], output: "one" } }),
      ]),
      "input 'item' of map 'each' takes many(number), but the body of a map works on single values",
    ],
    [
      "a map that feeds its item by name",
      numbers([stream, over({ from: { item: "n" } })]),
      "map 'each' feeds every input of its body by name, so none is left for the item",
    ],
    [
      "a map that feeds an unknown input",
      numbers([stream, over({ from: { extra: "n" } })]),
      "step 'each' has no input 'extra'",
    ],
    // --- switch
    [
      "a switch over a stream",
      numbers([stream, choose({ on: "stream" })]),
      "switch 'choose' looks at wire 'stream', which carries many(number)",
    ],
    ["a switch without cases", numbers([choose({ cases: [] })]), "switch 'choose' has no cases"],
    [
      "two branches with a step of one id",
      numbers([choose({ otherwise: addOne("x", "big") })]),
      "two branches of switch 'choose' have a step 'big'",
    ],
    [
      "an input no branch reads",
      numbers([choose({ from: { x: "n", y: "n" } })]),
      "no branch of switch 'choose' reads input 'y'",
    ],
    ["a branch input that is not fed", numbers([choose({ from: {} })]), "input 'x' of step 'choose' is not fed"],
    [
      "a field outside of descriptor and value",
      numbers([choose({ cases: [{ when: { field: "total", op: "==", value: 1 }, body: addOne("x", "big") }] })]),
      "step 'choose' looks at field 'total'",
    ],
    [
      "a comparison that never holds",
      numbers([
        choose({ cases: [{ when: { not: { field: "value", op: "<", value: null } }, body: addOne("x", "big") }] }),
      ]),
      "step 'choose' compares with < null, which never holds",
    ],
    [
      "`in` without a list",
      numbers([choose({ cases: [{ when: { field: "value", op: "in", value: "a" }, body: addOne("x", "big") }] })]),
      "step 'choose' compares with in \"a\", which never holds",
    ],
    [
      "an empty condition",
      numbers([choose({ cases: [{ when: { all: [] }, body: addOne("x", "big") }] })]),
      "step 'choose' has a condition without parts",
    ],
    // --- loop
    [
      "a loop over a stream",
      numbers([
        repeat({
          body: { inputs: { x: "many(number)" }, steps: [numberStep("half", "every-other", "x")], output: "half" },
        }),
      ]),
      "loop 'repeat' takes many(number), but a loop works on single values",
    ],
    [
      "a loop with two inputs",
      numbers([
        repeat({
          body: {
            inputs: { x: "number", y: "number" },
            steps: [numberStep("both", "combine", { left: "x", right: "y" })],
            output: "both",
          },
        }),
      ]),
      "the body of loop 'repeat' has 2 inputs",
    ],
    // --- windows and joins
    [
      "a window over a single value",
      numbers([{ kind: "window", id: "w", over: "n", size: { items: 2 } }]),
      "window 'w' takes a stream, but wire 'n' carries number",
    ],
    [
      "a window in seconds over what has no time",
      numbers([stream, { kind: "window", id: "w", over: "stream", size: { seconds: 2 } }]),
      "window 'w' orders number by event time, but number has none",
    ],
    [
      "a join of what has no time",
      numbers([stream, sampled, { kind: "join", id: "j", left: "samples", right: "stream", withinSeconds: 1 }]),
      "join 'j' orders number by event time, but number has none",
    ],
    [
      "windows with gaps between them",
      numbers([sampled, { kind: "window", id: "w", over: "samples", size: { seconds: 2, everySeconds: 3 } }]),
      "window 'w' opens every 3 s but is 2 s long: what comes between two windows would be lost",
    ],
    [
      "lateness in a window of items",
      numbers([sampled, { kind: "window", id: "w", over: "samples", size: { items: 2 }, lateSeconds: 1 }]),
      "window 'w' counts items, so lateSeconds has no effect",
    ],
    // --- soft
    [
      "a soft step with nothing to stand in",
      numbers([{ ...numberStep("a", "add", "n"), soft: true }]),
      "step 'a' is soft, but nothing can stand in for its number",
    ],
    [
      "a soft loop outside of a map",
      numbers([{ ...repeat({}), soft: true }]),
      "step 'repeat' is soft, but nothing can stand in for its number",
    ],
    [
      "orElse without soft",
      numbers([{ kind: "transform", id: "a", use: "numbers.add", from: "n", orElse: 1 }]),
      "step 'a' has orElse but is not soft",
    ],
    [
      "orElse of another modality",
      numbers([{ kind: "transform", id: "a", use: "numbers.add", from: "n", soft: true, orElse: "x" }]),
      "orElse of step 'a' is no number: expected number, received string",
    ],
    [
      "orElse of a stream",
      numbers([{ kind: "transform", id: "a", use: "numbers.split", from: "n", soft: true, orElse: 1 }]),
      "step 'a' makes many(number) and has orElse, which stands in for one value",
    ],
    // --- policy
    [
      "a policy for a step that is not there",
      graphOf({ policy: { steps: { raed: { deadlineMs: 5 } } } }),
      "the policy names step 'raed', which is not there (did you mean 'read'?)",
    ],
    [
      "a policy for an inner step that is not there",
      graphOf({ policy: { steps: { read: { steps: { orc: { deadlineMs: 5 } } } } } }),
      "the policy names step 'read/orc', which is not there (did you mean 'ocr'?)",
    ],
  ])("%s", (_, graph, message) => {
    const error = refusal(graph);
    expect(error.code).toBe("SG_GRAPH_INVALID");
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
  });

  test.each<[string, Graph, string]>([
    [
      "the example of the brief",
      graphOf({ inputs: { input: "paper" }, steps: [split, { ...join, from: "pages" }], output: "text" }),
      "step 'text' takes many(words), but wire 'pages' carries many(sheet); insert: map desk.read (sheet -> words)",
    ],
    [
      "a step that belongs into a map",
      graphOf({ steps: [{ ...read, from: "input" }], output: "ocr" }),
      "step 'ocr' takes sheet, but wire 'input' carries paper; insert: desk.split (paper -> many(sheet)) then map",
    ],
    [
      "a stream where one value is wanted",
      numbers([stream, numberStep("a", "add", "stream")]),
      "step 'a' takes number, but wire 'stream' carries many(number); insert: map",
    ],
    [
      "several hops",
      graphOf({ steps: [{ ...join, from: "input" }], output: "text" }),
      "insert: desk.split (paper -> many(sheet)) then map desk.read (sheet -> words)",
    ],
    [
      "no way at all",
      graphOf({ inputs: { input: "letter" }, steps: [split], output: "pages" }),
      "step 'pages' takes paper, but wire 'input' carries letter; no open transform leads from letter to paper",
    ],
    [
      "a named input",
      numbers([sampled, numberStep("a", "weigh", { values: "samples", weight: "n" })]),
      "input 'values' of step 'a' takes many(number), but wire 'samples' carries many(reading); insert: map numbers.value-of (reading -> number)",
    ],
    [
      "a map over one value",
      numbers([{ ...over({}), over: "n" } as GraphStep]),
      "map 'each' takes many(number), but wire 'n' carries number; insert: numbers.split (number -> many(number))",
    ],
    [
      "a map over other items",
      numbers([sampled, over({ over: "samples" })]),
      "map 'each' takes many(number), but wire 'samples' carries many(reading)",
    ],
    [
      "a sub-pipeline",
      numbers([
        {
          kind: "pipeline",
          id: "sub",
          from: { x: "n" },
          body: { inputs: { x: "many(number)" }, steps: [numberStep("f", "fold", "x")], output: "f" },
        },
      ]),
      "input 'x' of step 'sub' takes many(number), but wire 'n' carries number",
    ],
    [
      "branches that make different things",
      numbers([
        choose({ otherwise: { inputs: { x: "number" }, steps: [numberStep("s", "split", "x")], output: "s" } }),
      ]),
      "case 1 of switch 'choose' makes number, but otherwise makes many(number); insert: numbers.fold (many(number) -> number)",
    ],
    [
      "a loop that cannot go on",
      numbers([repeat({ body: { inputs: { x: "number" }, steps: [numberStep("s", "split", "x")], output: "s" } })]),
      "the body of loop 'repeat' takes number, but makes many(number); insert: numbers.fold (many(number) -> number)",
    ],
  ])("what does not fit, naming both sides and the fix: %s", (_, graph, message) => {
    const error = refusal(graph);
    expect(error.code).toBe("SG_GRAPH_MISMATCH");
    expect(error.message).toContain(message);
  });

  test.each<[string, GraphStep, string]>([
    [
      "an unknown option",
      { ...split, with: { dip: 3 } },
      "options of step 'pages' (desk.split): unknown field 'dip' (did you mean 'dpi'?); allowed are 'dpi', 'pages'",
    ],
    [
      "an option out of bounds",
      { ...split, with: { dpi: 3 } },
      "options of step 'pages' (desk.split): dpi: Too small: expected number to be >=50",
    ],
  ])("options: %s", (_, step, message) => {
    const error = refusal(graphOf({ steps: [step], output: "pages" }));
    expect(error.code).toBe("SG_OPTIONS_INVALID");
    expect(error.message).toBe(message);
  });

  test.each<[string, Graph, string]>([
    [
      "an unknown transform",
      graphOf({ steps: [{ ...split, use: "desk.splitt" }], output: "pages" }),
      "step 'pages': No open adapter defines the transform \"desk.splitt\" (did you mean 'desk.split'?)",
    ],
    [
      "an unknown version",
      graphOf({ steps: [{ ...split, use: "desk.split@9.0.0" }], output: "pages" }),
      "step 'pages': Transform \"desk.split\" is not open in version 9.0.0; open are 1.0.0",
    ],
    [
      "an unknown modality",
      graphOf({ inputs: { input: "papper" } }),
      "input 'input' of the pipeline: No open adapter defines the modality \"papper\" (did you mean 'paper'?)",
    ],
    [
      "a stream of streams",
      graphOf({ inputs: { input: "many(many(paper))" } }),
      "input 'input' of the pipeline: No open adapter defines the modality \"many(paper)\"",
    ],
  ])("names nobody defines: %s", (_, graph, message) => {
    const error = refusal(graph);
    expect(error.code).toBe("SG_REGISTRY_UNKNOWN");
    expect(error.message).toContain(message);
  });

  test("the error of a step inside a body names its whole path", () => {
    const error = refusal(
      graphOf({
        steps: [split, { ...readAll, body: { ...readAll.body, steps: [{ ...read, with: { x: 1 } }] } }, join],
      }),
    );
    expect(error.message).toContain(
      "options of step 'read/ocr' (desk.read): unknown field 'x'; no field is allowed here",
    );
    expect(error.details["step"]).toBe("read/ocr");
  });

  test("a graph nested or grown beyond all use, without running long or out of stack", () => {
    let deep: unknown = {};
    for (let level = 0; level < 50_000; level++) deep = [deep];
    expect(refusal({ ...graphOf(), steps: deep }).message).toBe("the pipeline is nested more than 200 levels deep");
    const wide = Array.from({ length: 3000 }, (_, index) => ({ ...numberStep(`s${index}`, "add", "n") }));
    expect(refusal(numbers(wide)).message).toBe("the pipeline has more than 2000 steps");
  });
});
