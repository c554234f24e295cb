import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tensor, TensorData, TensorDtype } from "../contract/compute-backend.ts";
import { swapBytes, tensorFromBytes, tensorLength, tensorToBytes } from "./tensor-bytes.ts";

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const numeric: Readonly<Record<Exclude<TensorDtype, "string">, (length: number) => fc.Arbitrary<TensorData>>> = {
  float32: (length) => fc.float32Array(exactly(length)),
  float64: (length) => fc.float64Array(exactly(length)),
  float16: (length) => fc.uint16Array(exactly(length)),
  bfloat16: (length) => fc.uint16Array(exactly(length)),
  int8: (length) => fc.int8Array(exactly(length)),
  int16: (length) => fc.int16Array(exactly(length)),
  int32: (length) => fc.int32Array(exactly(length)),
  int64: (length) => fc.bigInt64Array(exactly(length)),
  uint8: (length) => fc.uint8Array(exactly(length)),
  uint16: (length) => fc.uint16Array(exactly(length)),
  uint32: (length) => fc.uint32Array(exactly(length)),
  uint64: (length) => fc.bigUint64Array(exactly(length)),
  bool: (length) => fc.uint8Array({ ...exactly(length), max: 1 }),
};
const strings = (length: number) => fc.array(fc.string({ unit: "binary" }), exactly(length));

function exactly(length: number) {
  return { minLength: length, maxLength: length };
}

const tensors = (dtype: TensorDtype): fc.Arbitrary<Tensor> =>
  shapes.chain((shape) =>
    (dtype === "string" ? strings : numeric[dtype])(tensorLength(shape)).map((data) => ({ dtype, shape, data })),
  );
const dtypes: readonly TensorDtype[] = [...(Object.keys(numeric) as (keyof typeof numeric)[]), "string"];

/** The same bytes at another place in memory. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const room = new Uint8Array(bytes.length + by);
  room.set(bytes, by);
  return room.subarray(by);
}

describe("every tensor is the same after its bytes:", () => {
  test.for(dtypes)("%s, wherever they lie in memory", (dtype) => {
    fc.assert(
      fc.property(tensors(dtype), fc.nat({ max: 9 }), (tensor, offset) => {
        expect(tensorFromBytes(dtype, tensor.shape, shifted(tensorToBytes(tensor), offset))).toEqual(tensor);
      }),
    );
  });

  test.for(dtypes)("%s, and no other number of bytes is taken for it", (dtype) => {
    fc.assert(
      fc.property(tensors(dtype), fc.integer({ min: 1, max: 9 }), (tensor, more) => {
        const bytes = tensorToBytes(tensor);
        fc.pre(bytes.length > 0);
        for (const wrong of [new Uint8Array([...bytes, ...new Uint8Array(more)]), bytes.subarray(0, -1)])
          expect(() => tensorFromBytes(dtype, tensor.shape, wrong)).toThrow(/./);
      }),
    );
  });
});

test("numbers are little-endian and row-major, and are not copied", () => {
  const data = Int32Array.of(1, -2);
  const bytes = tensorToBytes({ dtype: "int32", data });
  expect([...bytes]).toEqual([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]);
  expect(bytes.buffer).toBe(data.buffer);
  const { data: read } = tensorFromBytes("int32", [2], bytes);
  expect((read as Int32Array).buffer).toBe(data.buffer);
});

test("bytes that do not lie aligned are copied, those of a Node.js Buffer too", () => {
  const bytes = Buffer.from([9, 1, 0, 0, 0]).subarray(1);
  const unaligned = bytes.byteOffset % 4 === 0 ? Buffer.from(shifted(bytes, 1).buffer, 1) : bytes;
  const { data } = tensorFromBytes("uint32", [1], unaligned);
  expect(data).toEqual(Uint32Array.of(1));
  unaligned.fill(0);
  expect(data).toEqual(Uint32Array.of(1));
});

test("a part of a larger array is only that part", () => {
  const data = Float64Array.of(1, 2, 3).subarray(1, 2);
  expect(tensorToBytes({ dtype: "float64", data })).toHaveLength(8);
});

test("strings come after the number of their UTF-8 bytes", () => {
  const bytes = tensorToBytes({ dtype: "string", data: ["a", "", "ü"] });
  expect([...bytes]).toEqual([1, 0, 0, 0, 0x61, 0, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xbc]);
});

test.for([
  ["too few bytes", "float32", [2], [0, 0, 0, 0], /4 bytes are no float32 tensor of shape \[2\], which has 8/],
  ["a bool of 2", "bool", [2], [1, 2], /\[1\] is 2/],
  ["a length that is cut off", "string", [1], [1, 0, 0], /cut off within \[0\], at byte 3/],
  ["a string that is cut off", "string", [2], [0, 0, 0, 0, 2, 0, 0, 0, 97], /cut off within \[1\]/],
  ["a length near 4 GiB", "string", [1], [255, 255, 255, 255, 97], /cut off within \[0\]/],
  ["bytes that are not UTF-8", "string", [1], [1, 0, 0, 0, 0xff], /\[0\] is not UTF-8/],
  ["too many strings", "string", [], [0, 0, 0, 0, 0, 0, 0, 0], /2 values; its shape needs 1/],
  ["a negative dimension", "uint8", [-1], [], /\[-1\] is not the shape/],
  ["a shape beyond all memory", "uint8", [2 ** 40, 2 ** 40], [], /is not the shape/],
] as const)("%s is refused with what is wrong", ([, dtype, shape, bytes, message]) => {
  expect(() => tensorFromBytes(dtype, shape, Uint8Array.from(bytes))).toThrow(
    expect.objectContaining({ code: "SG_COMPUTE_INPUT", message: expect.stringMatching(message) }),
  );
});

test("half a surrogate pair is refused, not replaced", () => {
  expect(() => tensorToBytes({ dtype: "string", data: ["fine", "\ud800"] })).toThrow(/\[1\] has half/);
});

test("swapping bytes changes the byte order", () => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, Math.PI, false);
  expect(new DataView(swapBytes(bytes, 8).buffer).getFloat64(0, true)).toBe(Math.PI);
  expect([...swapBytes(Uint8Array.of(1, 2, 3, 4), 2)]).toEqual([2, 1, 4, 3]);
});
