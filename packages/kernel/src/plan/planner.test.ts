import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineAdapter } from "../define/define-adapter.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import type { AnyTransform } from "../contract/transform.ts";
import { isStargateError } from "../errors/stargate-error.ts";
import { document, image, invoice, pageText, table, text } from "../modalities/index.ts";
import { createRegistry } from "../registry/create-registry.ts";
import type { PlanRequest, PlannerOptions } from "./plan.ts";
import { createPlanner } from "./planner.ts";

const base = { version: "1.0.0", summary: "test", coverage: "whole", run: () => undefined as never } as const;
const read = defineTransform({
  ...base,
  id: "demo.read",
  from: document,
  to: pageText,
  cost: (descriptor) => ({ ms: 100 * (descriptor["pages"] as number) }),
});
const words = defineTransform({
  ...base,
  id: "demo.words",
  from: pageText,
  to: text,
  cost: () => ({ ms: 1 }),
  loss: { layout: 1 },
});
const careful = defineTransform({ ...base, id: "demo.careful", from: pageText, to: text, cost: () => ({ ms: 5000 }) });
const pages = defineTransform({ ...base, id: "demo.pages", from: document, to: many(image), cost: () => ({ ms: 10 }) });
const caption = defineTransform({
  ...base,
  id: "demo.caption",
  from: image,
  to: text,
  cost: () => ({ ms: 20 }),
  network: true,
});

function planner(transforms: readonly unknown[], options: PlannerOptions = {}) {
  const adapter = defineAdapter({
    spec: 1,
    id: "demo",
    version: "1.0.0",
    summary: "demo",
    transforms: transforms as AnyTransform[],
  });
  return createPlanner(createRegistry([adapter]), options);
}
const idsOf = (request: PlanRequest, transforms: readonly unknown[], options: PlannerOptions = {}) =>
  planner(transforms, options)
    .plan(request)
    .steps.map(({ transform, lifted }) => `${lifted ? "each " : ""}${transform.id}`);
const refusal = (request: PlanRequest, transforms: readonly unknown[], options: PlannerOptions = {}) => {
  try {
    planner(transforms, options).plan(request);
  } catch (error) {
    if (isStargateError(error))
      return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  }
  return undefined;
};
const fromDocument = (descriptor = { pages: 2 }) => ({ modality: "document", descriptor });

describe("planner", () => {
  it("needs no step for what is there already", () => {
    const plan = planner([]).plan({ from: { modality: "text" }, to: "text" });
    expect(plan.steps).toEqual([]);
    expect(plan.graph).toEqual({
      stargate: 1,
      name: "text-to-text",
      inputs: { input: "text" },
      steps: [],
      output: "input",
    });
  });

  it("weighs loss against time, and keeps what the policy says", () => {
    const request = { from: fromDocument(), to: "text" };
    expect(idsOf(request, [read, words, careful])).toEqual(["demo.read", "demo.careful"]);
    expect(idsOf({ ...request, policy: { objective: { latency: 1 } } }, [read, words, careful])).toEqual([
      "demo.read",
      "demo.words",
    ]);
    expect(
      idsOf({ ...request, policy: { objective: { latency: 1 }, keep: ["layout"] } }, [read, words, careful]),
    ).toEqual(["demo.read", "demo.careful"]);
  });

  it("takes a worse way when the better one misses the deadline", () => {
    const request = { from: fromDocument(), to: "text", policy: { deadlineMs: 1000 } };
    expect(idsOf(request, [read, words, careful])).toEqual(["demo.read", "demo.words"]);
    expect(refusal({ ...request, policy: { deadlineMs: 150 } }, [read, words, careful])).toMatchObject({
      code: "SG_PLAN_NO_PATH",
      message: expect.stringContaining("takes 200 ms, the deadline is 150 ms") as string,
    });
    expect(refusal({ ...request, policy: { deadlineMs: 200.5 } }, [read, words, careful])).toMatchObject({
      message: "The fastest way from document to text is predicted to take 201 ms; the deadline is 200.5 ms",
    });
  });

  it("lifts a transform over a stream, and gives a stream when there is no other way", () => {
    const plan = planner([pages, caption]).plan({ from: fromDocument(), to: "text" });
    expect(plan.steps.map(({ to }) => to)).toEqual(["many(image)", "many(text)"]);
    expect(plan.steps[1]?.predicted.ms).toBe(160);
    expect(plan.graph.steps).toEqual([
      { kind: "transform", id: "demo-pages", use: "demo.pages@1.0.0", from: "input" },
      {
        kind: "map",
        id: "each",
        over: "demo-pages",
        body: {
          inputs: { item: "image" },
          steps: [{ kind: "transform", id: "demo-caption", use: "demo.caption@1.0.0", from: "item" }],
          output: "demo-caption",
        },
      },
    ]);
  });

  it("puts neighbouring lifted transforms into one map", () => {
    const plan = planner([read, words]).plan({ from: { modality: "document", many: true }, to: "many(text)" });
    expect(plan.graph.steps.map(({ kind }) => kind)).toEqual(["map"]);
  });

  it("uses no network when air-gapped", () => {
    const request = { from: { modality: "image" }, to: "text" };
    expect(idsOf(request, [caption])).toEqual(["demo.caption"]);
    expect(refusal(request, [caption], { airGapped: true })?.message).toBe(
      "No way from image to text is allowed: demo.caption: needs a network, and this gate is air-gapped",
    );
  });

  it("leaves out what must be named: several inputs, plannable false, required options", () => {
    const pair = defineTransform({ ...base, id: "demo.pair", from: { left: image, right: image }, to: text });
    const named = defineTransform({ ...base, id: "demo.named", from: image, to: text, plannable: false });
    const needy = defineTransform({
      ...base,
      id: "demo.needy",
      from: image,
      to: text,
      options: z.strictObject({ language: z.string() }),
    });
    const request = { from: { modality: "image" }, to: "text" };
    expect(refusal(request, [pair])?.message).toBe("Nothing turns image into text; nothing open makes text");
    expect(refusal(request, [named])?.message).toContain("demo.named: not plannable: must be named");
    expect(refusal(request, [needy])?.message).toContain("demo.needy: needs options: language");
    const plan = planner([needy]).plan({ ...request, options: { "demo.needy": { language: "eng" } } });
    expect(plan.graph.steps).toEqual([
      { kind: "transform", id: "demo-needy", use: "demo.needy@1.0.0", from: "input", with: { language: "eng" } },
    ]);
  });

  it("asks the restrictions of the first step, and only of that", () => {
    const restricted = (kind: "hard" | "soft") =>
      defineTransform({
        ...base,
        id: "demo.read",
        from: document,
        to: pageText,
        restrictions: [{ kind, note: "at most 500 pages", when: ({ pages: count }) => Number(count) > 500 }],
      });
    const later = defineTransform({
      ...base,
      id: "demo.words",
      from: pageText,
      to: text,
      restrictions: [{ kind: "hard", note: "no pages", when: ({ pages: count }) => Number(count) > 1 }],
    });
    const request = { from: fromDocument({ pages: 501 }), to: "text" };
    expect(refusal(request, [restricted("hard"), later])?.message).toContain(
      "demo.read: restriction: at most 500 pages",
    );
    expect(planner([restricted("soft"), later]).plan(request).steps[0]?.notes).toEqual(["at most 500 pages"]);
    expect(refusal({ ...request, policy: { degrade: "never" } }, [restricted("soft"), later])?.message).toContain(
      "the policy allows no degradation",
    );
    expect(idsOf({ ...request, from: fromDocument({ pages: 3 }) }, [restricted("hard"), later])).toEqual([
      "demo.read",
      "demo.words",
    ]);
  });

  it("prefers measured costs to priors, and stands in for a prior that knows nothing", () => {
    const slow = defineTransform({ ...base, id: "demo.a-fast", from: image, to: text, cost: () => ({ ms: 1 }) });
    const request = { from: { modality: "image" }, to: "text" };
    const measuredCosts: PlannerOptions["measuredCosts"] = ({ id }) => (id === "demo.a-fast" ? { ms: 900 } : undefined);
    expect(idsOf(request, [slow, caption])).toEqual(["demo.a-fast"]);
    expect(idsOf(request, [slow, caption], { measuredCosts })).toEqual(["demo.caption"]);
    const step = planner([read]).plan({ from: { modality: "document" }, to: "page-text" }).steps[0];
    expect(step?.predicted).toMatchObject({ assumed: true, ms: 1000 });
  });

  it("names the hop that is missing, what the goal can be made from, and the package that provides it", () => {
    const tabulate = defineTransform({ ...base, id: "demo.tabulate", from: invoice, to: table });
    const found = refusal({ from: fromDocument(), to: "table" }, [read, tabulate]);
    expect(found).toMatchObject({
      code: "SG_PLAN_NO_PATH",
      message: "Nothing turns document or page-text into table; table can be made from: invoice",
      hint: "Install and open @stargate/adapter-ocr.",
      details: {
        from: ["document", "page-text"],
        to: "table",
        makeableFrom: ["invoice"],
        adapters: ["@stargate/adapter-ocr"],
      },
    });
  });

  it("does without what the request excludes", () => {
    const request = { from: { modality: "page-text" }, to: "text", policy: { objective: { latency: 1 } } };
    expect(idsOf(request, [words, careful])).toEqual(["demo.words"]);
    expect(idsOf({ ...request, exclude: ["demo.words@1.0.0"] }, [words, careful])).toEqual(["demo.careful"]);
  });

  it("knows how far it is from one modality to another", () => {
    const { distance } = planner([read, words]);
    expect(distance("document", "text")).toBeGreaterThan(distance("page-text", "text") ?? Infinity);
    expect([distance("text", "text"), distance("text", "document"), distance("image", "text")]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });

  it("refuses names nobody defines", () => {
    expect(refusal({ from: { modality: "docment" }, to: "text" }, [])).toMatchObject({
      code: "SG_REGISTRY_UNKNOWN",
      message: expect.stringContaining("'document'") as string,
    });
  });
});
