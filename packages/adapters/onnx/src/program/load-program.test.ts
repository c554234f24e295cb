import type { ModelSource, TensorMap } from "@stargate/kernel";
import { describe, expect, test } from "vitest";
import { live, loadModel } from "../../test/load-model.ts";
import { addWeightsBytes, squareBytes } from "../../test/tiny-models.ts";
import { createOnnxBackend } from "../onnx-backend.ts";
import { onnxOptionsSchema } from "../onnx-options.ts";

const fixture = new URL("../../test/repeat-program.fixture.ts", import.meta.url).href;

const sourceOf = (settings: object = {}, files: Readonly<Record<string, Blob>> = {}): ModelSource => ({
  id: "repeat",
  format: "onnx-program",
  files: { "square.onnx": new Blob([squareBytes()]), "note.txt": new Blob(["hello"]), ...files },
  settings: {
    program: { module: fixture, export: "repeatProgram", options: { colour: "green" } },
    parts: { square: "square.onnx" },
    ...settings,
  },
});
const inputs = (times: number, ...values: number[]): TensorMap => ({
  x: { dtype: "float32", shape: [values.length], data: Float32Array.from(values) },
  times: { dtype: "int32", shape: [1], data: Int32Array.of(times) },
});

describe("a model with a program", () => {
  test("runs its parts as often as it likes, and sees its other files and its options", async () => {
    await using model = await loadModel(sourceOf());
    const first = await model.run(inputs(3, 2, -1), { signal: live });
    expect(first["y"]?.data).toEqual(Float32Array.of(256, 1));
    expect(first["facts"]?.data).toEqual(["hello", '{"colour":"green"}', "false"]);
    const second = await model.run(inputs(0, 5), { signal: live });
    expect(second["y"]?.data).toEqual(Float32Array.of(5));
    expect(second["facts"]?.data).toEqual(["hello", '{"colour":"green"}', "true"]);
  });

  test("is on the device of its parts, with the signature of its program", async () => {
    await using model = await loadModel(sourceOf());
    expect(model.device).toBe("cpu");
    expect(model.signature.inputs.map(({ name }) => name)).toEqual(["x", "times"]);
  });

  test("has weights of a part in another file", async () => {
    const files = {
      "square.onnx": new Blob([addWeightsBytes("w.bin")]),
      "w.bin": new Blob([Float32Array.of(1, 1, 1, 1)]),
    };
    await using model = await loadModel(sourceOf({}, files));
    expect((await model.run(inputs(2, 0, 1, 2, 3), { signal: live }))["y"]?.data).toEqual(Float32Array.of(2, 3, 4, 5));
  });

  test("checks inputs against the signature of the program", async () => {
    await using model = await loadModel(sourceOf());
    await expect(model.run({ ...inputs(1, 2), z: inputs(1, 2)["x"]! }, { signal: live })).rejects.toMatchObject({
      code: "SG_COMPUTE_INPUT",
      message: 'Model "repeat" has no input "z"; its inputs are x, times',
    });
  });

  test("passes on what its program refuses, and names what it did not expect", async () => {
    await using model = await loadModel(sourceOf());
    await expect(model.run(inputs(-1, 2), { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT" });
    await expect(model.run(inputs(99, 2), { signal: live })).rejects.toMatchObject({
      code: "SG_ONNX_PROGRAM_FAILED",
      message: 'The program of model "repeat" failed: 99 is too much',
    });
    expect((await model.run(inputs(1, 3), { signal: live }))["y"]?.data).toEqual(Float32Array.of(9));
  });

  test("ends within one run of a part when it is cancelled, and unloading waits for that", async () => {
    const model = await loadModel(sourceOf());
    const abort = new AbortController();
    const running = model.run(inputs(1_000_000, 1), { signal: abort.signal });
    await model.run(inputs(0, 1), { signal: AbortSignal.abort() }).catch(() => undefined);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: "SG_RUN_CANCELLED" });
    await model.unload();
    await expect(model.run(inputs(0, 1), { signal: live })).rejects.toMatchObject({ code: "SG_COMPUTE_CLOSED" });
  });
});

describe("loading a model with a program", () => {
  test.for([
    ["of no module", { module: "file:///nowhere/program.js", export: "run" }, "SG_ONNX_PROGRAM"],
    ["of another export", { module: fixture, export: "notAProgram" }, "SG_ONNX_PROGRAM"],
    ["from a network", { module: "https://example.org/program.js", export: "run" }, "SG_OPTIONS_INVALID"],
    ["from memory", { module: "data:text/javascript,export const run = 1", export: "run" }, "SG_OPTIONS_INVALID"],
  ] as const)("%s is refused", async ([, program, code]) => {
    await expect(loadModel(sourceOf({ program }))).rejects.toMatchObject({ code });
  });

  test("frees the parts it has loaded when another cannot be", async () => {
    const parts = { square: "square.onnx", other: "missing.onnx" };
    await expect(loadModel(sourceOf({ parts }))).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: expect.stringContaining('has no file "missing.onnx"'),
    });
  });
});

test("operations of all runs of the parts are counted", async () => {
  const backend = createOnnxBackend(onnxOptionsSchema.parse({}));
  expect(await backend.countFlops?.(sourceOf(), inputs(5, 1, 2, 3), { signal: live })).toBe(15);
});
