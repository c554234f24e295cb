import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiptSchema, type ModelUseReceipt, type Receipt, type StepReceipt } from "../contract/receipt.ts";
import { sumReceipts, type BatchFacts } from "./sum-receipts.ts";

const use: ModelUseReceipt = {
  model: "m",
  variant: "fp32",
  digest: null,
  backend: "onnx",
  device: "cpu",
  pool: "onnx/cpu",
  calls: 1,
  attempts: 1,
  hedges: 0,
  batchItems: 4,
  queueMs: 1,
  runMs: 10,
  joules: { value: 2, basis: "measured" },
  decisions: ["d1"],
};
const step: StepReceipt = {
  id: "text",
  uses: "text.embed@1.0.0",
  models: [use],
  invocations: 1,
  attempts: 1,
  failures: 0,
  ms: 11,
  cached: 0,
  coverage: [{ measure: "character", done: 5, of: 5 }],
  facts: { tokens: 3, engine: "x" },
};
const receipt: Receipt = {
  stargate: 1,
  id: "one",
  tenant: "t",
  pipeline: "embeddings",
  planHash: "sha256:0",
  startedAt: "2026-01-01T00:00:00.000Z",
  ms: 12,
  input: { input: { modality: "text" } },
  output: { modality: "embedding" },
  steps: [step],
  coverage: [{ measure: "character", done: 5, of: 5 }],
  degradations: [],
  issues: [],
  meter: [{ step: "text", unit: "token", quantity: 3 }],
};
const facts: BatchFacts = {
  id: "batch",
  tenant: "t",
  pipeline: "embeddings",
  planHash: "sha256:1",
  startedAt: "2026-01-01T00:00:00.000Z",
  ms: 20,
  input: { texts: { modality: "many(text)" } },
  output: { modality: "many(embedding)" },
  items: 2,
  missing: [],
  issues: [],
};
const run = (item: number, change: Partial<Receipt> = {}) => ({
  item: `item ${item}`,
  receipt: { ...receipt, ...change },
});

describe("the receipt of a batch", () => {
  it("sums steps, models and meter lines", () => {
    const other = { ...step, facts: { tokens: 9, engine: "x" }, models: [{ ...use, calls: 3, batchItems: 8 }] };
    const summed = sumReceipts([run(0), run(1, { steps: [other] })], facts);
    expect(receiptSchema.parse(summed)).toEqual(summed);
    expect(summed).toMatchObject({ id: "batch", planHash: "sha256:1", ms: 20 });
    expect(summed.steps).toEqual([
      {
        ...step,
        models: [
          {
            ...use,
            calls: 4,
            attempts: 2,
            batchItems: 7,
            queueMs: 2,
            runMs: 20,
            joules: { value: 4, basis: "measured" },
            decisions: ["d1", "d1"],
          },
        ],
        invocations: 2,
        attempts: 2,
        ms: 22,
        coverage: [{ measure: "character", done: 10, of: 10 }],
        facts: { engine: "x" },
      },
    ]);
    expect(summed.meter).toEqual([{ step: "text", unit: "token", quantity: 6 }]);
    expect(summed.coverage).toEqual([
      { measure: "item", done: 2, of: 2 },
      { measure: "character", done: 10, of: 10 },
    ]);
  });

  it("keeps steps of other transforms, and models of other places, apart", () => {
    const elsewhere = { ...step, models: [{ ...use, pool: "gpu" }] };
    const image = { ...step, id: "image", uses: "vision.embed-image@1.0.0" };
    const { steps } = sumReceipts([run(0), run(1, { steps: [elsewhere, image] })], facts);
    expect(steps.map(({ id, models }) => [id, models?.map(({ pool }) => pool)])).toEqual([
      ["text", ["onnx/cpu", "gpu"]],
      ["image", ["onnx/cpu"]],
    ]);
  });

  it("counts what is missing, and names the item of every issue", () => {
    const missing = [{ what: "item 1", reason: "SG_INPUT_EMPTY: nothing" }];
    const issues = [{ step: "text", code: "SG_INPUT_EMPTY", message: "nothing", item: "item 1" }];
    const cut = { step: "text", what: "the first 3 characters", reason: "long" };
    const noted = { step: "text", code: "SG_NOTE", message: "noted" };
    const summed = sumReceipts(
      [
        run(0, { degradations: [cut], issues: [noted] }),
        run(2, { degradations: [cut], issues: [{ ...noted, item: "p 1" }] }),
      ],
      { ...facts, items: 3, missing, issues },
    );
    expect(summed.coverage[0]).toEqual({ measure: "item", done: 2, of: 3, missing });
    expect(summed.degradations).toEqual([cut]);
    expect(summed.issues.map(({ code, item }) => [code, item])).toEqual([
      ["SG_INPUT_EMPTY", "item 1"],
      ["SG_NOTE", "item 0"],
      ["SG_NOTE", "item 2, p 1"],
    ]);
  });

  it("is the same however the runs are ordered, but for the order of its lists", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ quantity: fc.nat(99), ms: fc.nat(99) }), { minLength: 1 }), (parts) => {
        const runs = parts.map(({ quantity, ms }, index) =>
          run(index, { meter: [{ step: "text", unit: "token", quantity }], steps: [{ ...step, ms }] }),
        );
        const [forwards, backwards] = [sumReceipts(runs, facts), sumReceipts(runs.toReversed(), facts)];
        expect(forwards.meter[0]?.quantity).toBe(parts.reduce((sum, { quantity }) => sum + quantity, 0));
        expect({ ...backwards, steps: backwards.steps.map(({ ms }) => ms) }).toEqual({
          ...forwards,
          steps: forwards.steps.map(({ ms }) => ms),
        });
      }),
    );
  });
});
