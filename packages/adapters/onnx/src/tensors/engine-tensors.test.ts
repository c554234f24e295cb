import type { Tensor, TensorData, TensorDtype } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { live, loadModel } from "../../test/load-model.ts";
import { identityBytes, sourceOf } from "../../test/tiny-models.ts";
import { toEngineData } from "./engine-tensors.ts";

const samples: readonly (readonly [TensorDtype, TensorData])[] = [
  ["float32", Float32Array.of(-0, 1.5, 3.4028234663852886e38, Infinity, NaN)],
  ["float64", Float64Array.of(-0, 5e-324, 1.7976931348623157e308, NaN)],
  // Bits of 1, -2.5, 65504, the smallest subnormal and a NaN.
  ["float16", Uint16Array.of(0x3c00, 0xc100, 0x7bff, 0x0001, 0x7e01)],
  ["int8", Int8Array.of(-128, 127)],
  ["int16", Int16Array.of(-32768, 32767)],
  ["int32", Int32Array.of(-2147483648, 2147483647)],
  ["int64", BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n)],
  ["uint8", Uint8Array.of(0, 255)],
  ["uint16", Uint16Array.of(0, 65535)],
  ["uint32", Uint32Array.of(0, 4294967295)],
  ["uint64", BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ["bool", Uint8Array.of(0, 1)],
  ["string", ["", "grün", "日本語", "😀"]],
];

describe("tensors go through the engine unchanged:", () => {
  test.for(samples)("%s", async ([dtype, data]) => {
    await using model = await loadModel(sourceOf(dtype, identityBytes(dtype)));
    expect(model.signature.inputs).toEqual([{ name: "x", dtype, shape: ["n"] }]);
    const { y } = await model.run({ x: { dtype, shape: [data.length], data } }, { signal: live });
    expect(y).toEqual({ dtype, shape: [data.length], data });
  });

  test("empty ones too", async () => {
    await using model = await loadModel(sourceOf("empty", identityBytes("float32")));
    const x: Tensor = { dtype: "float32", shape: [0], data: new Float32Array() };
    expect(await model.run({ x }, { signal: live })).toEqual({ y: x });
  });
});

test("shared memory is copied for the engine, other memory is not", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  shared.set([7, 8]);
  const data = toEngineData("x", { dtype: "int32", shape: [2], data: shared }) as Int32Array;
  expect(data).toEqual(Int32Array.of(7, 8));
  expect(data.buffer).toBeInstanceOf(ArrayBuffer);
  expect(toEngineData("x", { dtype: "int32", shape: [2], data })).toBe(data);
  await using model = await loadModel(sourceOf("shared", identityBytes("int32")));
  const { y } = await model.run({ x: { dtype: "int32", shape: [2], data: shared } }, { signal: live });
  expect(y?.data).toEqual(Int32Array.of(7, 8));
});

test("outputs can be transferred to another thread", async () => {
  await using model = await loadModel(sourceOf("moved", identityBytes("int32")));
  const { y } = await model.run({ x: { dtype: "int32", shape: [1], data: Int32Array.of(5) } }, { signal: live });
  const data = y!.data as Int32Array<ArrayBuffer>;
  expect(structuredClone(data, { transfer: [data.buffer] })).toEqual(Int32Array.of(5));
  expect(data).toHaveLength(0);
});

test.for([
  ["bool", Uint8Array.of(0, 2), /bool data must be 0 or 1; \[1\] is 2/],
  ["string", ["a", 1] as unknown as readonly string[], /string data must be strings; \[1\] is 1/],
] as const)("%s values that the engine would misread are refused", async ([dtype, data, message]) => {
  await using model = await loadModel(sourceOf(dtype, identityBytes(dtype)));
  const running = model.run({ x: { dtype, shape: [2], data } }, { signal: live });
  await expect(running).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT", message: expect.stringMatching(message) });
});

test("a model with a type we do not carry is refused when it is loaded", async () => {
  await expect(loadModel(sourceOf("brain", identityBytes("bfloat16")))).rejects.toMatchObject({
    code: "SG_COMPUTE_MODEL",
  });
});
