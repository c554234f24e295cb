import { readFile } from "node:fs/promises";
import type { LoadedModel, Tensor } from "@stargate/kernel";
import { expect, test, type TestContext } from "vitest";
import { sharedFile } from "../../../../test/support/shared-files.ts";
import { live, loadModel } from "../test/load-model.ts";
import { readExpected, tensorOf, tensorsOf } from "../test/parity-cases.ts";
import { sourceOf } from "../test/tiny-models.ts";

/** What each case that fails in the reference is refused with here; by then the engine has seen only the first two. */
const refusals = [
  { model: "fails_at_run", code: "SG_ONNX_RUN_FAILED" },
  { model: "add", code: "SG_ONNX_RUN_FAILED" },
  { model: "add", code: "SG_COMPUTE_INPUT" },
  { model: "add", code: "SG_COMPUTE_INPUT" },
  { model: "matmul_dynamic_batch", code: "SG_COMPUTE_INPUT" },
];

const expected = (context: TestContext) => readExpected(sharedFile(context, "parity/onnx-basic/expected.json"));

async function loadShared(context: TestContext, path: string): Promise<LoadedModel & AsyncDisposable> {
  return loadModel(sourceOf(path, new Uint8Array(await readFile(sharedFile(context, path)))));
}

const loadBasic = (context: TestContext, name: string) => loadShared(context, `parity/onnx-basic/${name}.onnx`);

/** Largest difference of two tensors of one dtype and shape; 0 means that all values are the same. */
function difference(got: Tensor, want: Tensor): number {
  expect({ dtype: got.dtype, shape: got.shape, length: got.data.length }).toEqual({
    dtype: want.dtype,
    shape: want.shape,
    length: want.data.length,
  });
  const differences = [...got.data].map((value, index) =>
    value === want.data[index] ? 0 : Math.abs(Number(value) - Number(want.data[index])),
  );
  return Math.max(0, ...differences);
}

/** Floats are within 1e-6 of the reference (parity README), all else is equal. */
const toleranceOf = ({ dtype }: Tensor) => (dtype === "float32" ? 1e-6 : 0);

test("every case of the reference that succeeds gives the same values", async (context) => {
  const cases = (await expected(context)).cases.filter(({ outputs }) => outputs !== undefined);
  expect(cases).toHaveLength(11);
  for (const { model: name, inputs, outputs = {} } of cases) {
    await using model = await loadBasic(context, name);
    const got = await model.run(tensorsOf(inputs), { signal: live });
    expect(Object.keys(got).sort()).toEqual(Object.keys(outputs).sort());
    for (const [output, want] of Object.entries(tensorsOf(outputs)))
      expect(difference(got[output]!, want), `${name}: ${output}`).toBeLessThanOrEqual(toleranceOf(want));
  }
});

test("every case of the reference that fails is refused with a code, and the model runs on", async (context) => {
  const { cases } = await expected(context);
  const failing = cases.filter(({ error }) => error !== undefined);
  expect(failing.map(({ model }) => model)).toEqual(refusals.map(({ model }) => model));
  for (const [index, { model: name, inputs }] of failing.entries()) {
    await using model = await loadBasic(context, name);
    await expect(model.run(tensorsOf(inputs), { signal: live })).rejects.toMatchObject({ code: refusals[index]?.code });
    const sound = cases.find((one) => one.model === name && one.outputs !== undefined);
    await expect(model.run(tensorsOf(sound!.inputs), { signal: live })).resolves.toBeDefined();
  }
});

test("state goes out of one run and into the next", async (context) => {
  const { recurrent_step: recurrent } = await expected(context);
  await using model = await loadBasic(context, "recurrent_step");
  let h: Tensor = { dtype: "float32", shape: [1, 2], data: Float32Array.from(recurrent.initial_h.flat()) };
  expect(recurrent.steps.length).toBeGreaterThan(1);
  for (const step of recurrent.steps) {
    const outputs = await model.run({ x: tensorOf(step.x), h }, { signal: live });
    expect(difference(outputs["y"]!, tensorOf(step.y))).toBeLessThanOrEqual(1e-6);
    expect(difference(outputs["h_next"]!, tensorOf(step.h_next))).toBeLessThanOrEqual(1e-6);
    h = outputs["h_next"]!;
  }
});

test("a file that is no model is refused", async (context) => {
  await expect(loadBasic(context, "not-a-model")).rejects.toMatchObject({ code: "SG_COMPUTE_MODEL" });
});

test("a real model cut in half is refused", async (context) => {
  const bytes = new Uint8Array(await readFile(sharedFile(context, "models/version-RFB-320.onnx")));
  const half = sourceOf("half", bytes.slice(0, bytes.length / 2));
  await expect(loadModel(half)).rejects.toMatchObject({ code: "SG_COMPUTE_MODEL" });
});

const floats = (...shape: readonly number[]): Tensor => ({
  dtype: "float32",
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).map((_, index) => Math.sin(index / 7)),
});

test.for([
  {
    name: "silero_vad_16k_op15",
    inputs: {
      input: floats(1, 576),
      state: { dtype: "float32", shape: [2, 1, 128], data: new Float32Array(256) },
      sr: { dtype: "int64", shape: [], data: BigInt64Array.of(16000n) },
    },
    shapes: { output: [1, 1], stateN: [2, 1, 128] },
  },
  {
    name: "version-RFB-320",
    inputs: { input: floats(1, 3, 240, 320) },
    shapes: { scores: [1, 4420, 2], boxes: [1, 4420, 4] },
  },
] as const)(
  "the real model $name gives finite values of the right shape",
  async ({ name, inputs, shapes }, context) => {
    await using model = await loadShared(context, `models/${name}.onnx`);
    const outputs = await model.run(inputs, { signal: live });
    expect(Object.fromEntries(Object.entries(outputs).map(([output, { shape }]) => [output, shape]))).toEqual(shapes);
    const values = Object.values(outputs).flatMap(({ data }) => Array.from(data as Float32Array));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1);
  },
);
