import { z } from "zod";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineModality } from "../define/define-modality.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { isStargateError, type StargateError } from "../errors/stargate-error.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { numbersAdapter } from "../testing/numbers-adapter.ts";
import { compileGraph } from "./compile.ts";
import type { Graph, GraphBody, GraphStep, MapStep, TransformStep } from "./graph.ts";

const modality = (id: string) => defineModality({ id, summary: id, schema: z.string(), measure: "none", codecs: {} });
const [paper, sheet, words, letter] = [modality("paper"), modality("sheet"), modality("words"), modality("letter")];
const transform = { version: "1.0.0", summary: "Test", coverage: "whole" } as const;
const lines = async (input: AsyncIterable<string>) => (await Array.fromAsync(input)).join("\n");

const desk = defineAdapter({
  spec: 1,
  id: "desk",
  version: "1.0.0",
  summary: "Paper work",
  modalities: [paper, sheet, words, letter],
  transforms: [
    defineTransform({
      ...transform,
      id: "desk.split",
      from: paper,
      to: many(sheet),
      options: z.strictObject({ dpi: z.int().min(50).default(300), pages: z.string().optional() }),
      async *run(input) {
        yield* input.split("\f");
      },
    }),
    defineTransform({ ...transform, id: "desk.read", from: sheet, to: words, run: (input) => input }),
    defineTransform({ ...transform, id: "desk.read", version: "2.0.0", from: sheet, to: words, run: (input) => input }),
    defineTransform({ ...transform, id: "desk.join", from: many(words), to: words, run: lines }),
    defineTransform({
      ...transform,
      id: "desk.answer",
      from: { question: words, files: many(words) },
      to: words,
      run: ({ question }) => question,
    }),
    defineTransform({
      ...transform,
      id: "desk.size",
      from: words,
      to: words,
      options: z.strictObject({ limit: z.string().transform((text) => Number.parseInt(text, 10)) }),
      run: (input) => input,
    }),
  ],
});
export const registry = createRegistry([desk, numbersAdapter]);

export const split: TransformStep = { kind: "transform", id: "pages", use: "desk.split", from: "input" };
export const read: TransformStep = { kind: "transform", id: "ocr", use: "desk.read", from: "page" };
export const readAll: MapStep = {
  kind: "map",
  id: "read",
  over: "pages",
  body: { inputs: { page: "sheet" }, steps: [read], output: "ocr" },
};
export const join: TransformStep = { kind: "transform", id: "text", use: "desk.join", from: "read" };

export function graphOf(body: Partial<GraphBody> & Pick<Graph, "policy"> = {}): Graph {
  return {
    stargate: 1,
    name: "desk",
    inputs: { input: "paper" },
    steps: [split, readAll, join],
    output: "text",
    ...body,
  };
}

/** A graph over numbers: `steps` on input "n" (or the inputs given), the last one is the output. */
export function numbers(steps: readonly GraphStep[], inputs: GraphBody["inputs"] = { n: "number" }): Graph {
  return { stargate: 1, name: "numbers", inputs, steps, output: steps.at(-1)?.id ?? "n" };
}

export function numberStep(id: string, verb: string, from: string | Record<string, string>): GraphStep {
  return { kind: "transform", id, use: `numbers.${verb}`, from };
}

export const addOne = (input: string, id = "plus"): GraphBody => ({
  inputs: { [input]: "number" },
  steps: [numberStep(id, "add", input)],
  output: id,
});

export function refusal(graph: unknown): StargateError {
  try {
    compileGraph(graph as Graph, registry);
  } catch (error) {
    if (isStargateError(error)) return error;
    throw error;
  }
  throw new TypeError("the graph compiled");
}
export { words };
