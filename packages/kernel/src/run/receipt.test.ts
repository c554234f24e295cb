import { describe, expect, it } from "vitest";
import { receiptSchema } from "../contract/receipt.ts";
import { defineTransform } from "../define/define-transform.ts";
import { many } from "../define/many.ts";
import { number } from "../testing/numbers-adapter.ts";
import { createRunKit, payloadsOf, stack, step } from "../testing/run-kit.ts";
import { receiptJson } from "./receipt.ts";

const base = { version: "1.0.0", summary: "For a test" } as const;
const whole = defineTransform({ ...base, id: "kit.whole", from: stack, to: number, coverage: "whole", run: () => 1 });
const same = defineTransform({
  ...base,
  id: "kit.same",
  from: stack,
  to: stack,
  coverage: "whole",
  run: (input) => input,
});
const silent = defineTransform({
  ...base,
  id: "kit.silent",
  from: stack,
  to: number,
  coverage: "reported",
  run: () => 1,
});
const half = defineTransform({
  ...base,
  id: "kit.half",
  from: stack,
  to: number,
  coverage: "reported",
  run(input, { coverage }) {
    coverage({ done: 0, of: input.pages });
    coverage({
      done: Math.floor(input.pages / 2),
      of: input.pages,
      missing: [{ what: "the second half", reason: "not read" }],
    });
    return 1;
  },
});
const impossible = defineTransform({
  ...base,
  id: "kit.impossible",
  from: stack,
  to: number,
  coverage: "reported",
  run(_input, { coverage }) {
    coverage({ done: 5, of: 4 });
    return 1;
  },
});
const count = defineTransform({
  ...base,
  id: "kit.count",
  from: many(stack),
  to: number,
  coverage: "whole",
  async run(input) {
    let pages = 0;
    for await (const item of input) pages += item.pages;
    return pages;
  },
});

const kit = createRunKit([whole, same, silent, half, impossible, count]);
const of = (use: string) => kit.pipeline({ s: "stack" }, [step("do", use, "s")]);
const pages = (count_: number, label = "") => ({ pages: count_, label });

describe("coverage", () => {
  it("of a transform that reads all is counted by the runner, in the measure of its input", async () => {
    const { receipt } = await kit.run(of("kit.whole"), { s: pages(7) });
    expect(receipt.coverage).toEqual([{ measure: "page", done: 7, of: 7 }]);
    expect(receipt.steps[0]?.coverage).toEqual(receipt.coverage);
  });

  it("of an amount nobody knows is one of one item", async () => {
    const { receipt } = await kit.run(of("kit.whole"), { s: pages(-1) });
    expect(receipt.coverage).toEqual([{ measure: "item", done: 1, of: 1 }]);
  });

  it("that a transform should report and does not is an error", async () => {
    await expect(kit.run(of("kit.silent"), { s: pages(7) })).rejects.toMatchObject({
      code: "SG_COVERAGE_MISSING",
      details: { step: "do" },
    });
  });

  it("is what the transform reported last", async () => {
    const { receipt } = await kit.run(of("kit.half"), { s: pages(7) });
    expect(receipt.coverage).toEqual([
      { measure: "page", done: 3, of: 7, missing: [{ what: "the second half", reason: "not read" }] },
    ]);
  });

  it("that cannot be true is refused", async () => {
    await expect(kit.run(of("kit.impossible"), { s: pages(4) })).rejects.toMatchObject({ code: "SG_COVERAGE_INVALID" });
  });

  it("of stream inputs is counted as they pass", async () => {
    const { receipt } = await kit.run(kit.pipeline({ s: "many(stack)" }, [step("count", "kit.count", "s")]), {
      s: [pages(2), pages(3)],
    });
    expect(receipt.coverage).toEqual([{ measure: "page", done: 5, of: 5 }]);
  });

  it("of the run is the weakest of its steps, per measure", async () => {
    const graph = kit.pipeline({ s: "stack" }, [step("same", "kit.same", "s"), step("half", "kit.half", "same")]);
    const { receipt } = await kit.run(graph, { s: pages(4) });
    expect(receipt.coverage).toMatchObject([{ measure: "page", done: 2, of: 4 }]);
  });

  it("of the items of a map is added up", async () => {
    const graph = kit.pipeline({ s: "many(stack)" }, [
      {
        kind: "map",
        id: "each",
        over: "s",
        body: { inputs: { item: "stack" }, steps: [step("half", "kit.half", "item")], output: "half" },
      },
    ]);
    const { receipt } = await kit.run(graph, { s: [pages(4), pages(6)] });
    expect(receipt.coverage).toMatchObject([{ measure: "page", done: 5, of: 10 }]);
  });

  it("below the policy's completeness fails the run", async () => {
    await expect(kit.run(of("kit.half"), { s: pages(4) }, { policy: { completeness: 0.51 } })).rejects.toMatchObject({
      code: "SG_COVERAGE_TOO_LOW",
      details: { done: 2, of: 4 },
    });
    await expect(
      kit.run(of("kit.half"), { s: pages(4) }, { policy: { steps: { do: { completeness: 0.9 } } } }),
    ).rejects.toMatchObject({ code: "SG_COVERAGE_TOO_LOW" });
    expect((await kit.run(of("kit.half"), { s: pages(4) }, { policy: { completeness: 0.5 } })).payload.value).toBe(1);
  });

  it("is never silent about a measured input", async () => {
    const through = kit.pipeline({ s: "stack" }, [], { output: "s" });
    expect((await kit.run(through, { s: pages(3) })).receipt.coverage).toEqual([{ measure: "page", done: 3, of: 3 }]);
    const stream = kit.pipeline({ s: "many(stack)" }, [], { output: "s" });
    expect((await kit.run(stream, { s: [pages(3), pages(4)] })).receipt.coverage).toEqual([
      { measure: "page", done: 7, of: 7 },
    ]);
    const unread = kit.pipeline({ s: "stack", n: "number" }, [
      {
        kind: "switch",
        id: "choose",
        on: "n",
        from: { s: "s", n: "n" },
        cases: [
          {
            when: { field: "value", op: "==", value: 1 },
            body: { inputs: { s: "stack", n: "number" }, steps: [], output: "n" },
          },
        ],
        otherwise: { inputs: { s: "stack", n: "number" }, steps: [step("read", "kit.whole", "s")], output: "read" },
      },
    ]);
    expect((await kit.run(unread, { s: pages(3), n: 1 })).receipt.coverage).toEqual([
      { measure: "page", done: 0, of: 3, missing: [{ what: 'input "s"', reason: "no step read it" }] },
    ]);
    expect((await kit.run(unread, { s: pages(3), n: 2 })).receipt.coverage).toEqual([
      { measure: "page", done: 3, of: 3 },
    ]);
    const saved = kit.pipeline({ s: "stack" }, [step("silent", "kit.silent", "s", { soft: true, orElse: 0 })]);
    expect((await kit.run(saved, { s: pages(3) })).receipt.coverage).toMatchObject([
      { measure: "page", done: 0, of: 3 },
    ]);
  });

  it("names no more gaps than a receipt can hold", async () => {
    const graph = kit.pipeline({ n: "many(number)" }, [
      {
        kind: "map",
        id: "each",
        over: "n",
        soft: true,
        body: {
          inputs: { item: "number" },
          steps: [step("refuse", "numbers.refuse", "item", { with: { by: 2 } })],
          output: "refuse",
        },
      },
    ]);
    const { receipt } = await kit.run(graph, { n: Array.from({ length: 2500 }, () => 2) });
    expect(receipt.coverage[0]?.missing).toHaveLength(101);
    expect(receipt.coverage[0]?.missing?.at(-1)).toEqual({
      what: "2400 further parts",
      reason: "not named one by one",
    });
    expect(receipt.issues).toHaveLength(1001);
    expect(receipt.issues.at(-1)).toMatchObject({
      code: "SG_RUN_ISSUES_LEFT_OUT",
      message: "1500 further issues are not itemised",
    });
  });
});

describe("a receipt", () => {
  it("fits its schema and is canonical JSON", async () => {
    const { receipt } = await kit.run(of("kit.half"), { s: pages(4) });
    expect(() => receiptSchema.parse(receipt)).not.toThrow();
    const text = receiptJson(receipt);
    expect(receiptJson(JSON.parse(text) as typeof receipt)).toBe(text);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(receipt).toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it("says what ran, on what, when, and under which plan", async () => {
    const graph = of("kit.whole");
    const { receipt } = await kit.run(graph, { s: pages(4) });
    expect(receipt).toMatchObject({
      stargate: 1,
      pipeline: "test",
      planHash: graph.planHash,
      tenant: "default",
      startedAt: "2026-01-01T00:00:00.000Z",
      input: { s: { modality: "stack" } },
      output: { modality: "number" },
    });
    expect(receipt.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it("has digests that are known already, and all of them on request", async () => {
    const graph = of("kit.whole");
    const { receipt } = await kit.run(graph, { s: pages(4) });
    expect(receipt.input["s"]).toEqual({ modality: "stack" });
    const inputs = payloadsOf(graph, { s: pages(4) });
    const payload = inputs["s"] as { digest(): Promise<string> };
    const digest = await payload.digest();
    expect((await kit.runner.run({ graph, inputs })).receipt.input["s"]).toEqual({ modality: "stack", digest });
    const forced = await kit.run(graph, { s: pages(4) }, { digests: true });
    expect(forced.receipt.input["s"]).toEqual({ modality: "stack", digest });
    expect(forced.receipt.output.digest).toBe(await forced.payload.digest());
  });
});

describe("inputs", () => {
  const graph = kit.pipeline({ s: "stack", n: "number" }, [
    step("whole", "kit.whole", "s"),
    step("both", "numbers.combine", { left: "whole", right: "n" }),
  ]);

  it.each([
    ["missing", { s: pages(1) }, 'Input "n" (number) of pipeline "test" is missing'],
    ["of the wrong shape", { s: pages(1), n: -1 }, 'Input "n" is not a valid number'],
  ])("that are %s are refused", async (_what, inputs, message) => {
    const given = Object.fromEntries(Object.entries(payloadsOf(graph, inputs)).filter(([name]) => name in inputs));
    await expect(kit.runner.run({ graph, inputs: given })).rejects.toMatchObject({
      code: "SG_INPUT_INVALID",
      message: expect.stringContaining(message),
    });
  });

  it("of another modality, and unknown ones, are refused", async () => {
    const inputs = payloadsOf(graph, { s: pages(1), n: 1 });
    await expect(kit.runner.run({ graph, inputs: { ...inputs, n: inputs["s"]! } })).rejects.toMatchObject({
      code: "SG_INPUT_INVALID",
      message: 'Input "n" takes one number, not one stack',
    });
    await expect(kit.runner.run({ graph, inputs: { ...inputs, extra: inputs["s"]! } })).rejects.toMatchObject({
      code: "SG_INPUT_INVALID",
      message: 'Pipeline "test" has no input "extra"; it takes "s", "n"',
    });
  });

  it("that are streams are checked item by item, naming the item", async () => {
    const summed = kit.pipeline({ n: "many(number)" }, [step("fold", "numbers.fold", "n")]);
    await expect(kit.run(summed, { n: [1, 2, "three"] })).rejects.toMatchObject({
      code: "SG_INPUT_INVALID",
      message: expect.stringContaining("n[2]"),
    });
  });
});
