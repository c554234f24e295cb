import type { TensorSpec } from "@stargate/kernel";
import { expect, test } from "vitest";
import { isBatchable } from "./batch-rule.ts";

const tensor = (...shape: (number | string)[]): TensorSpec => ({ name: "x", dtype: "float32", shape });
const signature = (input: TensorSpec, output: TensorSpec) => ({ inputs: [input], outputs: [output] });

test.each(["batch", "batch_size", "N", "b", "Batch", "unk__batch", "DynamicDimension.0"])(
  'an axis named "%s" holds items',
  (name) => {
    expect(isBatchable({}, signature(tensor(name, 3), tensor(name)))).toBe(true);
  },
);

test.each([
  ["a sequence comes first", tensor("sequence", 3), tensor("sequence")],
  ["one output has no such axis", tensor("batch", 3), tensor(1, 3)],
  ["the axis has no name", tensor(-1, 3), tensor(-1)],
  ["a scalar is among them", tensor("batch", 3), tensor()],
])("calls share no runs when %s", (_, input, output) => {
  expect(isBatchable({}, signature(input, output))).toBe(false);
});

test("a declaration decides", () => {
  expect(isBatchable({ batching: "none" }, signature(tensor("batch"), tensor("batch")))).toBe(false);
  expect(isBatchable({ batching: "first-axis" }, signature(tensor(-1), tensor(-1)))).toBe(true);
});

test("nothing is shared before the signature is known", () => {
  expect(isBatchable({}, undefined)).toBe(false);
});
