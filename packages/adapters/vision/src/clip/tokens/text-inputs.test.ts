import { expect, test } from "vitest";
import { textInputs } from "./text-inputs.ts";

const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test.each([
  [2, 16],
  [16, 16],
  [17, 32],
  [33, 77],
  [77, 77],
])("%i ids are filled up to %i", (count, length) => {
  const inputs = textInputs(ids(count), { contextTokens: 77, attentionMask: true, endId: 99 });
  expect(inputs["input_ids"]).toEqual({
    dtype: "int64",
    shape: [1, length],
    data: BigInt64Array.from([...ids(count), ...Array.from({ length: length - count }, () => 99)], BigInt),
  });
  const mask = inputs["attention_mask"]?.data as BigInt64Array;
  expect([mask.length, mask.reduce((sum, one) => sum + one, 0n)]).toEqual([length, BigInt(count)]);
});

test("a small context is never exceeded, and a model without mask gets none", () => {
  const inputs = textInputs(ids(5), { contextTokens: 12, attentionMask: false, endId: 99 });
  expect(Object.keys(inputs)).toEqual(["input_ids"]);
  expect(inputs["input_ids"]?.shape).toEqual([1, 12]);
});
