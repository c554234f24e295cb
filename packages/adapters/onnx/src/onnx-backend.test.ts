import { describeBackend } from "@stargate/kernel/testing";
import { describe, expect, test } from "vitest";
import { live, loadModel } from "../test/load-model.ts";
import { addWeightsBytes, sourceOf, squareBytes } from "../test/tiny-models.ts";
import { writeModel } from "./model/write-model.ts";
import { createOnnxBackend } from "./onnx-backend.ts";
import { onnxOptionsSchema } from "./onnx-options.ts";

const create = (input = {}) => createOnnxBackend(onnxOptionsSchema.parse(input));
const vector = (...values: number[]) => ({
  x: { dtype: "float32" as const, shape: [values.length], data: Float32Array.from(values) },
});

describeBackend("ONNX Runtime on the CPU", {
  create,
  source: sourceOf("square", squareBytes()),
  inputs: () => vector(1, 2, 3),
  otherInputs: () => vector(4, 5, 6),
  outputs: { y: { dtype: "float32", shape: [3], data: Float32Array.of(1, 4, 9) } },
  damaged: sourceOf("cut", squareBytes().slice(0, 40)),
});

describe("loading a model", () => {
  test("on a GPU that is not there is refused with the reason and what to do", async () => {
    const loading = create().load(sourceOf("square", squareBytes()), { device: "cuda:99", signal: live });
    await expect(loading).rejects.toMatchObject({
      code: "SG_COMPUTE_DEVICE",
      message: expect.stringContaining('Device "cuda:99" is not available: '),
      hint: expect.stringContaining("docs/onnx-cuda.md"),
    });
  });

  test("on a device of no known kind names the kinds there are", async () => {
    const loading = create({ device: "gpu" }).load(sourceOf("square", squareBytes()), { signal: live });
    await expect(loading).rejects.toMatchObject({
      code: "SG_COMPUTE_DEVICE",
      hint: expect.stringMatching(/cpu, cuda:0, tensorrt:0, coreml, directml:0, webgpu, openvino/),
    });
  });

  test("with weights in another file uses that file", async () => {
    const weights = new Blob([Float32Array.of(10, 20, 30, 40)]);
    const files = { "model.onnx": new Blob([addWeightsBytes("weights.bin")]), "weights.bin": weights };
    await using model = await loadModel({ id: "add", format: "onnx", files });
    const { y } = await model.run(vector(1, 2, 3, 4), { signal: live });
    expect(y?.data).toEqual(Float32Array.of(11, 22, 33, 44));
  });

  test.for([
    ["no file", {}, /no file that ends in ".onnx"/],
    ["two models", { "a.onnx": new Blob(["a"]), "b.onnx": new Blob(["b"]) }, /several models: a.onnx, b.onnx/],
    ["an empty file", { "a.onnx": new Blob([]) }, /"a.onnx" of model "m" is empty/],
    ["text", { "a.onnx": new Blob(["not a model at all"]) }, /truncated, or of another format/],
    ["the ORT format", { "a.ort": new Blob(["\u0001\u0002\u0003\u0004ORTM"]) }, /ORT format/],
  ] as const)("from %s is refused", async ([, files, message]) => {
    await expect(create().load({ id: "m", format: "onnx", files }, { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: expect.stringMatching(message),
    });
  });

  test("with an operator that does not exist says which", async () => {
    const bytes = writeModel({
      inputs: [{ name: "x", dtype: "float32", shape: [1] }],
      outputs: [{ name: "y", dtype: "float32", shape: [1] }],
      nodes: [{ op: "NoSuchOperator", inputs: ["x"], outputs: ["y"] }],
    });
    await expect(loadModel(sourceOf("odd", bytes))).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: expect.stringContaining("NoSuchOperator"),
    });
  });

  test("with an unknown setting suggests the nearest", async () => {
    const source = sourceOf("square", squareBytes(), { settings: { intraOpThreads: 2 } });
    await expect(loadModel(source)).rejects.toMatchObject({
      code: "SG_OPTIONS_INVALID",
      message: expect.stringMatching(/Settings of model "square": unknown field 'intraOpThreads'.*intraOpNumThreads/),
    });
  });

  test("with settings of its own computes the same", async () => {
    const settings = { intraOpNumThreads: 2, interOpNumThreads: 2, graphOptimization: "disabled", cpuNodes: "allow" };
    await using model = await loadModel(sourceOf("square", squareBytes(), { settings }));
    expect((await model.run(vector(3), { signal: live }))["y"]?.data).toEqual(Float32Array.of(9));
  });
});

test("an input without a rank takes any shape, as ONNX Runtime does", async () => {
  const value = { dtype: "float32", shape: [] } as const;
  const bytes = writeModel({
    inputs: [{ name: "x", ...value }],
    outputs: [{ name: "y", ...value }],
    nodes: [{ op: "Mul", inputs: ["x", "x"], outputs: ["y"] }],
  });
  await using model = await loadModel(sourceOf("any", bytes));
  const x = { dtype: "float32", shape: [2, 1], data: Float32Array.of(2, 3) } as const;
  const { y } = await model.run({ x }, { signal: live });
  expect(y).toEqual({ dtype: "float32", shape: [2, 1], data: Float32Array.of(4, 9) });
});

test("a cancelled run rejects at once, with the code of cancellation", async () => {
  await using model = await loadModel(sourceOf("square", squareBytes()));
  const abort = new AbortController();
  const running = model.run(vector(1), { signal: abort.signal });
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
});

test("closing the backend unloads its models", async () => {
  const backend = create();
  const model = await backend.load(sourceOf("square", squareBytes()), { signal: live });
  await backend.close?.();
  await expect(model.run(vector(1), { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_CLOSED" });
});
