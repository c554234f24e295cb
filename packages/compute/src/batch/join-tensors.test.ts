import fc from "fast-check";
import type { TensorMap } from "@stargate/kernel";
import { expect, test } from "vitest";
import { shapeOf, unjoined } from "./job-shape.ts";
import { copyTensors, joinTensors, splitTensors } from "./join-tensors.ts";

const call = (items: number, seed: number): TensorMap => ({
  image: {
    dtype: "float32",
    shape: [items, 2, 3],
    data: Float32Array.from({ length: items * 6 }, (_, index) => seed + index),
  },
  ids: {
    dtype: "int64",
    shape: [items],
    data: BigInt64Array.from({ length: items }, (_, index) => BigInt(seed * index)),
  },
  names: { dtype: "string", shape: [items, 1], data: Array.from({ length: items }, (_, index) => `${seed}/${index}`) },
});

test("what is joined and divided again is what it was", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(99)), { minLength: 1 }), (drafts) => {
      const calls = drafts.map(([items, seed]) => call(items, seed));
      const joined = joinTensors(calls);
      const divided = splitTensors(
        joined,
        calls.map((one) => shapeOf(one).items),
      );
      expect(divided).toEqual(calls);
    }),
  );
});

test("neither the joined nor the divided tensors share memory with what was given", () => {
  const one = call(1, 1);
  const joined = joinTensors([one, one]);
  const divided = splitTensors(joined, [1, 1]) ?? [];
  (joined["image"]!.data as Float32Array).fill(9);
  expect(one["image"]?.data).not.toContain(9);
  expect(divided[0]?.["image"]?.data).not.toContain(9);
  const copy = copyTensors(one);
  (copy["image"]!.data as Float32Array).fill(9);
  expect(one["image"]?.data).not.toContain(9);
});

test("outputs that do not have one row per item are not divided", () => {
  const outputs: TensorMap = { y: { dtype: "float32", shape: [1, 4], data: new Float32Array(4) } };
  expect(splitTensors(outputs, [1, 1])).toBeUndefined();
  expect(splitTensors({ y: { dtype: "float32", shape: [], data: new Float32Array(1) } }, [1, 1])).toBeUndefined();
});

test("calls are compatible when everything but the first axis is the same", () => {
  expect(shapeOf(call(1, 0)).key).toBe(shapeOf(call(7, 3)).key);
  const other: TensorMap = { ...call(1, 0), image: { dtype: "float32", shape: [1, 3, 2], data: new Float32Array(6) } };
  expect(shapeOf(other).key).not.toBe(shapeOf(call(1, 0)).key);
});

test("the order in which inputs are named makes no difference", () => {
  const { image, ids, names } = call(2, 0);
  expect(shapeOf({ names, ids, image } as TensorMap).key).toBe(shapeOf(call(2, 0)).key);
});

test.each<[string, TensorMap]>([
  ["no items", { x: { dtype: "float32", shape: [0, 2], data: new Float32Array(0) } }],
  ["a scalar", { x: { dtype: "float32", shape: [], data: new Float32Array(1) } }],
  [
    "first axes of different length",
    {
      x: { dtype: "float32", shape: [2], data: new Float32Array(2) },
      y: { dtype: "float32", shape: [3], data: new Float32Array(3) },
    },
  ],
])("inputs with %s are never joined", (_, inputs) => {
  expect(shapeOf(inputs)).toMatchObject({ key: undefined, items: 1 });
});

test.each([[2, 2], [1.5, 2], [-1, -3], [NaN]])(
  "a shape that is not that of its data is noticed: [%s, %s]",
  (...shape) => {
    const inputs: TensorMap = { x: { dtype: "float32", shape, data: new Float32Array(3) } };
    expect(shapeOf(inputs)).toMatchObject({ key: undefined, isSound: false });
  },
);

test("buckets go by the size of one item, or of the whole call where calls share nothing", () => {
  const inputs: TensorMap = { x: { dtype: "float32", shape: [8, 100], data: new Float32Array(800) } };
  const shape = shapeOf(inputs);
  expect(shape).toMatchObject({ items: 8, bytes: 3200, bucket: "2^7" });
  expect(unjoined(shape, inputs)).toEqual({ key: undefined, items: 1, bytes: 3200, bucket: "2^10", isSound: true });
});
