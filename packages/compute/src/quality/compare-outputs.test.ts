import type { Tensor, TensorMap } from "@stargate/kernel";
import { expect, test } from "vitest";
import { agreement } from "./compare-outputs.ts";

const floats = (...values: number[]): Tensor => ({
  dtype: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});
const labels = (...values: string[]): Tensor => ({ dtype: "string", shape: [values.length], data: values });

test.for([
  ["the same numbers", { y: floats(1, 2, 3) }, { y: floats(1, 2, 3) }, 1],
  ["the same direction", { y: floats(1, 2, 3) }, { y: floats(2, 4, 6) }, 1],
  ["a right angle", { y: floats(1, 0) }, { y: floats(0, 1) }, 0],
  ["the opposite", { y: floats(1, 0) }, { y: floats(-1, 0) }, 0],
  ["nothing but zeros", { y: floats(0, 0) }, { y: floats(0, 0) }, 1],
  ["NaN", { y: floats(NaN, 1) }, { y: floats(1, 1) }, 0],
  ["half of the labels", { y: labels("a", "b") }, { y: labels("a", "c") }, 0.5],
  ["an output that is not there", { y: floats(1) }, { y: floats(1), z: floats(1) }, 0.5],
  ["another length", { y: floats(1) }, { y: floats(1, 1) }, 0],
  ["no outputs at all", {}, {}, 1],
] as [string, TensorMap, TensorMap, number][])("%s", ([, answer, reference, expected]) => {
  expect(agreement(answer, reference)).toBeCloseTo(expected, 6);
});
