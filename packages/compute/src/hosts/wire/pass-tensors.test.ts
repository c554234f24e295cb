import type { Tensor } from "@stargate/kernel";
import { expect, test } from "vitest";
import { passTensors } from "./pass-tensors.ts";

const passed = (tensors: Readonly<Record<string, Tensor>>) => {
  const { message, transfer } = passTensors({ type: "run", id: 1, model: 0, tensors });
  const clone = structuredClone(message, { transfer }) as { tensors: Record<string, Tensor> };
  return { ...clone, transfer };
};
const tensor = (data: Float32Array): Tensor => ({ dtype: "float32", shape: [data.length], data });

test("memory that a tensor has to itself is handed over", () => {
  const data = Float32Array.of(1, 2);
  const { tensors } = passed({ x: tensor(data) });
  expect(tensors["x"]?.data).toEqual(Float32Array.of(1, 2));
  expect(data.length).toBe(0);
});

test("of memory that others may look at, the tensor's part is copied", () => {
  const data = Float32Array.of(1, 2, 3, 4);
  const { tensors, transfer } = passed({ x: tensor(data.subarray(1, 3)) });
  expect(tensors["x"]?.data).toEqual(Float32Array.of(2, 3));
  expect(transfer.map(({ byteLength }) => byteLength)).toEqual([0]);
  expect(data).toEqual(Float32Array.of(1, 2, 3, 4));
});

test("two names for one memory are handed over once", () => {
  const data = Float32Array.of(7);
  const { tensors } = passed({ x: tensor(data), y: tensor(data) });
  expect([tensors["x"]?.data, tensors["y"]?.data]).toEqual([Float32Array.of(7), Float32Array.of(7)]);
});

test("shared memory is copied and strings are cloned", () => {
  const shared = new Float32Array(new SharedArrayBuffer(8)).fill(5);
  const { tensors } = passed({ x: tensor(shared), s: { dtype: "string", shape: [1], data: ["a"] } });
  expect(tensors["x"]?.data).toEqual(Float32Array.of(5, 5));
  expect(tensors["s"]?.data).toEqual(["a"]);
});
