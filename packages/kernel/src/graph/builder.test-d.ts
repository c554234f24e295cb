// What the typed builder must accept and, more important, what it must refuse. Checked by the TypeScript compiler
// alone (the type check of the tests); every refusal stands for itself, so that a lost one is seen.
import { z } from "zod";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { pipeline, type Pipeline, type WireOf } from "./builder.ts";
import { windowOf } from "../modalities/derived-modalities.ts";

const modality = <const Id extends string>(id: Id) =>
  defineModality({ id, summary: id, schema: z.string(), measure: "none", codecs: {} });
const paper = modality("paper");
const sheet = modality("sheet");
const words = modality("words");
const count = defineModality({ id: "count", summary: "A number", schema: z.number(), measure: "none", codecs: {} });
const reading = defineModality({
  id: "reading",
  summary: "Timed",
  schema: z.object({ at: z.number() }),
  measure: "none",
  codecs: {},
  timeOf: (value) => value.at,
});
const readingWindow = windowOf(reading);

const base = { version: "1.0.0", summary: "Type test", coverage: "whole" } as const;
const splitOptions = z.strictObject({ dpi: z.number().default(300), engine: z.enum(["fast", "good"]).optional() });
const split = defineTransform({
  ...base,
  id: "desk.split",
  from: paper,
  to: many(sheet),
  options: splitOptions,
  run: async function* (input) {
    yield input;
  },
});
const read = defineTransform({ ...base, id: "desk.read", from: sheet, to: words, run: (input) => input });
const join = defineTransform({ ...base, id: "desk.join", from: many(words), to: words, run: () => "" });
const answer = defineTransform({
  ...base,
  id: "desk.answer",
  from: { question: words, files: many(words) },
  to: words,
  run: ({ question }) => question,
});
const measure = defineTransform({ ...base, id: "desk.measure", from: words, to: count, run: (input) => input.length });
const polish = defineTransform({ ...base, id: "desk.polish", from: words, to: words, run: (input) => input });
const translate = defineTransform({
  ...base,
  id: "desk.translate",
  from: words,
  to: words,
  options: z.strictObject({ language: z.string() }),
  run: (input) => input,
});
const sumUp = defineTransform({ ...base, id: "desk.sum-up", from: many(readingWindow), to: count, run: () => 0 });

// ---------------------------------------------------------------- what must be accepted
const desk = pipeline("desk", paper, (g, input) => {
  const sheets: WireOf<"many(sheet)"> = g.step("sheets", split, input, { with: { dpi: 200, engine: "good" } });
  const texts: WireOf<"many(words)"> = g.map("read", sheets, (inner, page) => inner.step("ocr", read, page), {
    concurrency: 4,
    order: "completion",
    soft: true,
  });
  const text: WireOf<"words"> = g.step("text", join, texts);
  const soft: WireOf<"words"> = g.step("polish", polish, text, { soft: true, orElse: "" });
  return g.step("translate", translate, soft, { with: { language: "fr" } });
});
const named = pipeline(
  "named",
  { question: words, pile: many(paper), log: many(reading) },
  (g, { question, pile, log }) => {
    const files = g.map(
      "files",
      pile,
      (inner, item, { hint }) => {
        const text: WireOf<"words"> = inner.pipeline("desk", desk, item);
        const bare: WireOf<"words"> = hint;
        return inner.switch(
          "pick",
          text,
          { text, bare },
          {
            cases: [
              [
                { field: "value", op: "matches", value: "*" },
                (branch, { text: wire }) => branch.step("polish", polish, wire),
              ],
            ],
            otherwise: (branch, { bare: wire }) =>
              branch.loop("again", wire, (body, value) => body.step("more", polish, value), {
                until: { field: "value", exists: true },
                maxIterations: 3,
              }),
          },
        );
      },
      { using: { hint: question } },
    );
    const windows: WireOf<"many(window(reading))"> = g.window("windows", log, {
      seconds: 10,
      everySeconds: 5,
      lateSeconds: 1,
      key: "at",
    });
    const pairs: WireOf<"many(joined(reading,window(reading)))"> = g.join("pairs", log, windows, { withinSeconds: 3 });
    g.map("right", pairs, (_, pair: WireOf<"joined(reading,window(reading))">) => pair);
    g.step("sum", sumUp, windows);
    return g.step("answer", answer, { question, files });
  },
);
export const deskIsTyped: Pipeline<{ readonly input: "paper" }, "words"> = desk;
export const namedIsTyped: Pipeline<
  { readonly question: "words"; readonly pile: "many(paper)"; readonly log: "many(reading)" },
  "words"
> = named;
export const anyPipeline: Pipeline = named;

// ---------------------------------------------------------------- what must be refused
const until = { field: "value", exists: true } as const;
export const refused = pipeline(
  "refused",
  { file: paper, page: sheet, pages: many(sheet), text: words, texts: many(words), n: count, log: many(reading) },
  (g, { file, page, pages, text, texts, n, log }) => {
    // --- steps
    // @ts-expect-error 1: another modality
    g.step("s1", read, file);
    // @ts-expect-error 2: a stream where one value is taken
    g.step("s2", read, pages);
    // @ts-expect-error 3: one value where a stream is taken
    g.step("s3", join, text);
    // @ts-expect-error 4: a stream of other items
    g.step("s4", join, pages);
    // @ts-expect-error 5: one wire where inputs have names
    g.step("s5", answer, text);
    // @ts-expect-error 6: a named input is missing
    g.step("s6", answer, { question: text });
    // @ts-expect-error 7: a named input of another modality
    g.step("s7", answer, { question: n, files: texts });
    // @ts-expect-error 8: a named input that takes a stream, fed one value
    g.step("s8", answer, { question: text, files: text });
    // @ts-expect-error 9: an input the transform has not
    g.step("s9", answer, { question: text, files: texts, more: text });
    // @ts-expect-error 10: names where the one input has none
    g.step("s10", read, { input: page });
    // @ts-expect-error 11: the name of a wire is not the wire
    g.step("s11", read, "page");
    // @ts-expect-error 12: a modality is not a transform
    g.step("s12", sheet, page);

    // --- options
    // @ts-expect-error 13: an unknown option
    g.step("o1", split, file, { with: { dip: 300 } });
    // @ts-expect-error 14: an option of another type
    g.step("o2", split, file, { with: { dpi: "300" } });
    // @ts-expect-error 15: a value the option does not allow
    g.step("o3", split, file, { with: { engine: "best" } });
    // @ts-expect-error 16: a required option left out with all settings
    g.step("o4", translate, text);
    // @ts-expect-error 17: a required option left out
    g.step("o5", translate, text, { with: {} });
    // @ts-expect-error 18: settings without the required option
    g.step("o5b", translate, text, { soft: true, orElse: "" });
    // @ts-expect-error 19: options of a transform that has none
    g.step("o6", read, page, { with: { dpi: 300 } });
    // @ts-expect-error 20: options beside `with`
    g.step("o7", split, file, { dpi: 300 });

    // --- soft steps
    // @ts-expect-error 21: a stand-in of another type
    g.step("f1", measure, text, { soft: true, orElse: "none" });
    // @ts-expect-error 22: a stand-in for a step that is not soft
    g.step("f2", measure, text, { orElse: 0 });
    // @ts-expect-error 23: a stand-in for a stream
    g.step("f3", split, file, { soft: true, orElse: "" });

    // --- map
    // @ts-expect-error 24: a map over one value
    g.map("m1", page, (_, item) => item);
    // @ts-expect-error 25: a body that does not take the item
    g.map("m2", pages, (inner, item) => inner.step("x", polish, item));
    // @ts-expect-error 26: a body that makes a stream
    g.map("m3", texts, (inner, item, { f }) => inner.step("x", split, f), { using: { f: file } });
    // @ts-expect-error 27: a stream handed into the body
    g.map("m4", pages, (inner, item) => inner.step("x", read, item), { using: { all: texts } });
    // @ts-expect-error 28: a wire that was not handed in
    g.map("m5", pages, (inner, item, { title }) => inner.step("x", polish, title), { using: { hint: text } });
    // @ts-expect-error 29: a wire handed in under the name of the item
    g.map("m6", pages, (inner, item) => inner.step("x", read, item), { using: { item: text } });
    // @ts-expect-error 30: an order there is not
    g.map("m7", pages, (inner, item) => inner.step("x", read, item), { order: "random" });
    // @ts-expect-error 31: a body that returns no wire
    g.map("m8", pages, () => {});

    // --- switch
    g.switch(
      "w1",
      n,
      { text },
      {
        // @ts-expect-error 32: branches that make different things
        cases: [[until, (branch, wires) => branch.step("x", measure, wires.text)]],
        otherwise: (_, wires) => wires.text,
      },
    );
    g.switch(
      "w2",
      n,
      { text, texts },
      // @ts-expect-error 33: branches of which one makes a stream
      { cases: [[until, (_, wires) => wires.texts]], otherwise: (_, wires) => wires.text },
    );
    // @ts-expect-error 34: a branch that reads an input the switch has not
    g.switch("w3", n, { text }, { cases: [[until, (_, wires) => wires.title]], otherwise: (_, wires) => wires.text });
    g.switch(
      "w4",
      // @ts-expect-error 35: a switch over a stream
      texts,
      { text },
      { cases: [[until, (_, wires) => wires.text]], otherwise: (_, wires) => wires.text },
    );
    // @ts-expect-error 36: a switch without otherwise
    g.switch("w5", n, { text }, { cases: [[until, (_, wires) => wires.text]] });
    // @ts-expect-error 37: a switch without cases
    g.switch("w6", n, { text }, { cases: [], otherwise: (_, wires) => wires.text });
    g.switch(
      "w7",
      n,
      { text },
      {
        // @ts-expect-error 38: an operator there is not
        cases: [[{ field: "value", op: "=", value: 1 }, (_, wires) => wires.text]],
        otherwise: (_, wires) => wires.text,
      },
    );

    // --- loop
    // @ts-expect-error 39: a body that makes something else than it takes
    g.loop("l1", text, (body, value) => body.step("x", measure, value), { until, maxIterations: 3 });
    // @ts-expect-error 40: a loop without bound
    g.loop("l2", text, (body, value) => body.step("x", polish, value), { until });
    // @ts-expect-error 41: a loop over a stream
    g.loop("l3", texts, (_, value) => value, { until, maxIterations: 3 });

    // --- windows and joins
    // @ts-expect-error 42: a window over one value
    g.window("i1", page, { items: 3 });
    // @ts-expect-error 43: a window of seconds and of items
    g.window("i2", log, { seconds: 3, items: 3 });
    // @ts-expect-error 44: lateness in a window of items
    g.window("i3", log, { items: 3, lateSeconds: 1 });
    // @ts-expect-error 45: a window without size
    g.window("i4", log, { key: "at" });
    // @ts-expect-error 46: windows of one modality where those of another are taken
    g.step("i5", sumUp, g.window("i5w", pages, { items: 3 }));
    // @ts-expect-error 47: a join with one value
    g.join("j1", log, text, { withinSeconds: 1 });
    // @ts-expect-error 48: a join without a distance
    g.join("j2", log, log, {});

    // --- sub-pipelines
    // @ts-expect-error 49: another modality
    g.pipeline("p1", desk, text);
    // @ts-expect-error 50: an input that is not fed
    g.pipeline("p2", named, { question: text, log });
    // @ts-expect-error 51: one wire where inputs have names
    g.pipeline("p3", named, text);
    // @ts-expect-error 52: what it makes is not what the next step takes
    g.step("p4", read, g.pipeline("p4p", desk, file));
    return n;
  },
);

// @ts-expect-error 53: a pipeline that makes something else than promised
export const wrongOutput: Pipeline<{ readonly input: "paper" }, "count"> = desk;
// @ts-expect-error 54: a pipeline that takes something else than promised
export const wrongInput: Pipeline<{ readonly input: "sheet" }, "words"> = desk;
// @ts-expect-error 55: an input the pipeline does not have
pipeline("few", { file: paper }, (g, { text }) => g.step("x", polish, text));
// @ts-expect-error 56: the single input of a pipeline has no name
pipeline("one", paper, (g, { input }) => g.step("x", split, input));
// @ts-expect-error 57: a modality id is not a modality
pipeline("id", "paper", (_, input) => input as never);
// @ts-expect-error 58: a pipeline without a result
pipeline("none", paper, () => {});
