import { describe, expect, it } from "vitest";
import type { AnyTransform } from "../contract/transform.ts";
import type { Receipt } from "../contract/receipt.ts";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineTransform } from "../define/define-transform.ts";
import { document, image, invoice, pageText, text } from "../modalities/index.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { explain } from "./explain.ts";
import { explainAnalyze } from "./explain-analyze.ts";
import { formatExplanation } from "./format-explanation.ts";

const base = { version: "1.0.0", summary: "test", coverage: "whole", run: () => undefined as never } as const;
const transforms: readonly unknown[] = [
  defineTransform({ ...base, id: "demo.read", from: document, to: pageText, cost: () => ({ ms: 100 }) }),
  defineTransform({
    ...base,
    id: "demo.read",
    version: "0.9.0",
    from: document,
    to: pageText,
    cost: () => ({ ms: 1 }),
  }),
  defineTransform({
    ...base,
    id: "demo.read-slowly",
    from: document,
    to: pageText,
    cost: () => ({ ms: 112, usd: 0.02 }),
    loss: { colour: 1 },
  }),
  defineTransform({
    ...base,
    id: "demo.read-well",
    from: document,
    to: pageText,
    cost: () => ({ ms: 100 }),
    ladder: [{ name: "best", quality: 0.9 }],
  }),
  defineTransform({ ...base, id: "demo.words", from: pageText, to: text, cost: () => ({ ms: 1 }) }),
  defineTransform({ ...base, id: "demo.words-again", from: pageText, to: text, cost: () => ({ ms: 1 }) }),
  defineTransform({
    ...base,
    id: "demo.words-only",
    from: pageText,
    to: text,
    cost: () => ({ ms: 1 }),
    loss: { layout: 1 },
  }),
  defineTransform({ ...base, id: "demo.fields", from: pageText, to: invoice, cost: () => ({ ms: 1 }) }),
  defineTransform({ ...base, id: "demo.print", from: text, to: document, cost: () => ({ ms: 1 }) }),
  defineTransform({ ...base, id: "demo.describe", from: image, to: text, cost: () => ({ ms: 1 }) }),
  defineTransform({ ...base, id: "demo.ask", from: document, to: text, cost: () => ({ ms: 1 }), network: true }),
  defineTransform({ ...base, id: "demo.merge", from: { left: text, right: text }, to: text }),
  defineTransform({ ...base, id: "demo.hidden", from: document, to: text, plannable: false }),
];
const registry = createRegistry([
  defineAdapter({ spec: 1, id: "demo", version: "1.0.0", summary: "demo", transforms: transforms as AnyTransform[] }),
]);
const explained = explain(
  registry,
  { from: { modality: "document" }, to: "text", policy: { keep: ["layout"] } },
  { airGapped: true },
);

describe("explain", () => {
  it("gives the chosen way with what each step is expected to take", () => {
    expect(explained.chosen?.steps.map(({ uses, from, to, predicted }) => [uses, from, to, predicted.ms])).toEqual([
      ["demo.read@1.0.0", "document", "page-text", 100],
      ["demo.words@1.0.0", "page-text", "text", 1],
    ]);
    expect(explained.missing).toBeNull();
  });

  it("says of every other transform why it is not in the way", () => {
    expect(Object.fromEntries(explained.rejected.map(({ uses, reason }) => [uses, reason]))).toEqual({
      "demo.read@0.9.0": "older version; plans take 1.0.0",
      "demo.read-slowly@1.0.0": "costs 12 ms more and costs $0.02 more than demo.read and demo.words; loses colour",
      "demo.read-well@1.0.0": "less accurate than demo.read and demo.words",
      "demo.words-again@1.0.0": "as good as demo.read and demo.words, which comes first by name",
      "demo.words-only@1.0.0": "loses layout, which the policy keeps",
      "demo.fields@1.0.0": "does not lead to text: nothing usable turns invoice into it",
      "demo.print@1.0.0": "a detour: its way comes back to where it has been",
      "demo.describe@1.0.0": "not reachable from document: nothing makes image",
      "demo.ask@1.0.0": "needs a network, and this gate is air-gapped",
      "demo.merge@1.0.0": "takes several inputs (left, right): must be named",
      "demo.hidden@1.0.0": "not plannable: must be named",
    });
  });

  it("explains that there is no way", () => {
    const { chosen, missing, rejected } = explain(registry, { from: { modality: "document" }, to: "table" });
    expect(chosen).toBeNull();
    expect(missing?.message).toBe(
      "Nothing turns document, text, page-text or invoice into table; nothing open makes table",
    );
    expect(rejected).toHaveLength(transforms.length);
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
  });

  it("prints as text", () => {
    expect(formatExplanation(explained)).toMatchInlineSnapshot(`
      "document -> text
        1. demo.read@1.0.0  document -> page-text
           predicted 100 ms
        2. demo.words@1.0.0  page-text -> text
           predicted 1 ms
        in all: 101 ms
      rejected:
        demo.read@0.9.0         older version; plans take 1.0.0
        demo.read-slowly@1.0.0  costs 12 ms more and costs $0.02 more than demo.read and demo.words; loses colour
        demo.read-well@1.0.0    less accurate than demo.read and demo.words
        demo.words-again@1.0.0  as good as demo.read and demo.words, which comes first by name
        demo.words-only@1.0.0   loses layout, which the policy keeps
        demo.fields@1.0.0       does not lead to text: nothing usable turns invoice into it
        demo.print@1.0.0        a detour: its way comes back to where it has been
        demo.describe@1.0.0     not reachable from document: nothing makes image
        demo.ask@1.0.0          needs a network, and this gate is air-gapped
        demo.merge@1.0.0        takes several inputs (left, right): must be named
        demo.hidden@1.0.0       not plannable: must be named
      "
    `);
    expect(
      formatExplanation(explain(registry, { from: { modality: "document" }, to: "table" }))
        .split("\n")
        .slice(0, 2),
    ).toEqual([
      "document -> table",
      "  no way: Nothing turns document, text, page-text or invoice into table; nothing open makes table",
    ]);
    expect(formatExplanation(explain(registry, { from: { modality: "text" }, to: "text" }))).toContain("nothing to do");
  });

  it("carries measured values after a run", () => {
    const step = { invocations: 1, attempts: 2, failures: 0, cached: 0, coverage: [], facts: {}, rung: "fast" };
    const receipt = {
      steps: [
        { ...step, id: "demo-read", uses: "demo.read@1.0.0", ms: 80 },
        { ...step, id: "x", uses: "demo.read@1.0.0", ms: 20 },
      ],
    } as unknown as Receipt; // only its steps are looked at
    const analysed = explainAnalyze(explained, receipt);
    expect(analysed.chosen?.steps.map(({ measured }) => measured)).toEqual([
      { ms: 100, invocations: 2, attempts: 4, failures: 0, rung: "fast", cached: 0 },
      undefined,
    ]);
    expect(formatExplanation(analysed)).toContain("measured  100 ms in 2 call(s), 2 retried, rung fast");
  });
});
