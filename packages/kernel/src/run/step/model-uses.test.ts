import { expect, it } from "vitest";
import type { ModelUse } from "../../contract/compute-plane.ts";
import { ModelUses } from "./model-uses.ts";

const use: ModelUse = {
  model: "clip",
  variant: "int8",
  digest: "sha256:1",
  backend: "onnx",
  device: "cpu",
  deviceKind: "cpu",
  pool: "cpu",
  attempts: 1,
  hedged: false,
  batchItems: 2,
  queueMs: 1,
  runMs: 10,
  joules: { value: 1, basis: "measured" },
  carbonGrams: 0.25,
  usd: 0.5,
  decision: "d1",
};

it("calls of one variant in one place are one line; another place is another", () => {
  const uses = new ModelUses();
  uses.add(use);
  uses.add({ ...use, attempts: 2, hedged: true, batchItems: 4, decision: "d2" });
  uses.add({ ...use, pool: "gpu", device: "cuda:0" });
  const lines = uses.toReceipt();
  expect(lines).toHaveLength(2);
  expect(lines?.[0]).toMatchObject({
    calls: 2,
    attempts: 3,
    hedges: 1,
    batchItems: 3,
    queueMs: 2,
    runMs: 20,
    joules: { value: 2, basis: "measured" },
    carbonGrams: 0.5,
    usd: 1,
    decisions: ["d1", "d2"],
  });
});

it("a sum of joules is known no better than its weakest part", () => {
  const uses = new ModelUses();
  uses.add(use);
  uses.add({ ...use, joules: { value: 2, basis: "estimated" } });
  expect(uses.toReceipt()?.[0]?.joules).toEqual({ value: 3, basis: "estimated" });
});

it("only the last decisions are named", () => {
  const uses = new ModelUses();
  for (let index = 0; index < 40; index++) uses.add({ ...use, decision: `d${index}` });
  const decisions = uses.toReceipt()?.[0]?.decisions;
  expect(decisions).toHaveLength(16);
  expect(decisions?.at(-1)).toBe("d39");
});

it("a step without models says nothing of models", () => {
  expect(new ModelUses().toReceipt()).toBeUndefined();
});
