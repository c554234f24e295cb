import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { ModelSource, Tensor, TensorMap } from "@stargate/kernel";
import { describe, expect, test, type TestContext } from "vitest";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { live } from "../../test/load-model.ts";
import { sourceOf } from "../../test/tiny-models.ts";
import { yoloxNanoByHand } from "../../test/yolox-nano-by-hand.ts";
import { type ModelDraft, writeModel } from "../model/write-model.ts";
import { createOnnxBackend } from "../onnx-backend.ts";
import { onnxOptionsSchema } from "../onnx-options.ts";

/** The goal of the project: counts are within 2 % of those by hand. */
const TOLERANCE = 0.02;

const floats = (...shape: number[]): Tensor => ({
  dtype: "float32",
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5),
});

async function count(source: ModelSource, inputs: TensorMap): Promise<number> {
  const backend = createOnnxBackend(onnxOptionsSchema.parse({}));
  return (await backend.countFlops?.(source, inputs, { signal: live })) ?? NaN;
}

/** Counts a model of these nodes, the last of which makes "y". Its weights are inputs: the profile does not tell them apart. */
function countNodes(inputs: TensorMap, nodes: ModelDraft["nodes"], rank: number): Promise<number> {
  const bytes = writeModel({
    inputs: Object.entries(inputs).map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    outputs: [{ name: "y", dtype: "float32", shape: Array.from({ length: rank }, (_, axis) => `size${axis}`) }],
    nodes,
  });
  return count(sourceOf("generated", bytes), inputs);
}

const sharedModel = async (context: TestContext, path: string): Promise<ModelSource> =>
  sourceOf(path, new Uint8Array(await readFile(sharedFile(context, path))));

const difference = (counted: number, byHand: number): number => Math.abs(counted - byHand) / byHand;

describe("counts agree with those by hand", () => {
  test("for a perceptron of three layers", async () => {
    const inputs = {
      x: floats(4, 256),
      w1: floats(256, 512),
      b1: floats(512),
      w2: floats(512, 128),
      w3: floats(128, 10),
    };
    const counted = await countNodes(
      inputs,
      [
        { op: "Gemm", inputs: ["x", "w1", "b1"], outputs: ["h1"] },
        { op: "Relu", inputs: ["h1"], outputs: ["r1"] },
        { op: "MatMul", inputs: ["r1", "w2"], outputs: ["h2"] },
        { op: "Relu", inputs: ["h2"], outputs: ["r2"] },
        { op: "MatMul", inputs: ["r2", "w3"], outputs: ["y"] },
      ],
      2,
    );
    const matrices = 2 * 4 * (256 * 512 + 512 * 128 + 128 * 10);
    expect(counted).toBe(matrices + 4 * (512 + 512 + 128));
    // Weights that are stored the other way round are the same work.
    const turned = { op: "Gemm", inputs: ["x", "w"], outputs: ["y"], attributes: { transB: 1 } };
    expect(await countNodes({ x: floats(4, 256), w: floats(512, 256) }, [turned], 2)).toBe(2 * 4 * 256 * 512);
  });

  test("for convolutions with strides, groups and a transposed one", async () => {
    const inputs = {
      x: floats(2, 8, 32, 32),
      w1: floats(16, 8, 3, 3),
      b1: floats(16),
      // Every channel for itself.
      w2: floats(16, 1, 5, 5),
      w3: floats(16, 4, 2, 2),
    };
    const counted = await countNodes(
      inputs,
      [
        { op: "Conv", inputs: ["x", "w1", "b1"], outputs: ["h1"], attributes: { strides: [2, 2], pads: [1, 1, 1, 1] } },
        { op: "Relu", inputs: ["h1"], outputs: ["r1"] },
        { op: "Conv", inputs: ["r1", "w2"], outputs: ["h2"], attributes: { group: 16, pads: [2, 2, 2, 2] } },
        { op: "ConvTranspose", inputs: ["h2", "w3"], outputs: ["y"], attributes: { strides: [2, 2] } },
      ],
      4,
    );
    const first = 2 * 16 * 16 * 16 * (2 * 8 * 3 * 3 + 1);
    const relu = 2 * 16 * 16 * 16;
    const depthwise = 2 * 16 * 16 * 16 * (2 * 5 * 5);
    // 16 x 16 elements of 16 channels, each spread over 2 x 2 of 4 channels.
    const transposed = 2 * (2 * 16 * 16 * 16) * (4 * 2 * 2);
    expect(counted).toBe(first + relu + depthwise + transposed);
  });

  test("for a transformer block", async () => {
    const [batch, length, width, heads, hidden] = [2, 64, 128, 4, 512];
    const inputs: TensorMap = {
      x: floats(batch, length, width),
      scale: floats(width),
      shift: floats(width),
      ...Object.fromEntries(["wq", "wk", "wv", "wo"].map((name) => [name, floats(width, width)])),
      w1: floats(width, hidden),
      w2: floats(hidden, width),
      split: { dtype: "int64", shape: [4], data: BigInt64Array.of(0n, 0n, BigInt(heads), -1n) },
      merge: { dtype: "int64", shape: [3], data: BigInt64Array.of(0n, 0n, BigInt(width)) },
    };
    const head = (name: string, order: readonly number[]): ModelDraft["nodes"] => [
      { op: "MatMul", inputs: ["n", `w${name}`], outputs: [`${name}0`] },
      { op: "Reshape", inputs: [`${name}0`, "split"], outputs: [`${name}1`] },
      { op: "Transpose", inputs: [`${name}1`], outputs: [name], attributes: { perm: order } },
    ];
    const counted = await countNodes(
      inputs,
      [
        { op: "LayerNormalization", inputs: ["x", "scale", "shift"], outputs: ["n"] },
        ...head("q", [0, 2, 1, 3]),
        ...head("k", [0, 2, 3, 1]),
        ...head("v", [0, 2, 1, 3]),
        { op: "MatMul", inputs: ["q", "k"], outputs: ["scores"] },
        { op: "Softmax", inputs: ["scores"], outputs: ["weights"] },
        { op: "MatMul", inputs: ["weights", "v"], outputs: ["mixed"] },
        { op: "Transpose", inputs: ["mixed"], outputs: ["turned"], attributes: { perm: [0, 2, 1, 3] } },
        { op: "Reshape", inputs: ["turned", "merge"], outputs: ["joined"] },
        { op: "MatMul", inputs: ["joined", "wo"], outputs: ["o"] },
        { op: "Add", inputs: ["o", "x"], outputs: ["a"] },
        { op: "MatMul", inputs: ["a", "w1"], outputs: ["h"] },
        { op: "Relu", inputs: ["h"], outputs: ["r"] },
        { op: "MatMul", inputs: ["r", "w2"], outputs: ["f"] },
        { op: "Add", inputs: ["f", "a"], outputs: ["y"] },
      ],
      3,
    );
    const tokens = batch * length;
    const projections = 2 * tokens * (4 * width * width + 2 * width * hidden);
    const attention = 2 * (2 * batch * length * length * width);
    const softmax = 5 * batch * heads * length * length;
    const elementwise = tokens * (7 * width + 2 * width + hidden);
    const byHand = projections + attention + softmax + elementwise;
    expect(difference(counted, byHand)).toBeLessThan(TOLERANCE);
  });

  test("for YOLOX-nano, whose authors publish 1.08 GFLOPs at 416 x 416", async (context) => {
    const source = await sharedModel(context, "models/yolox_nano_416x416.onnx");
    const counted = await count(source, { images: floats(1, 3, 416, 416) });
    expect(difference(counted, yoloxNanoByHand())).toBeLessThan(TOLERANCE);
    expect(difference(counted, 1.08e9)).toBeLessThan(TOLERANCE);
  });

  test("for the picture side of a small CLIP", async (context) => {
    const source = await sharedModel(context, "parity/clip-tiny-random/vision_model.onnx");
    // Its config.json: patches of 32 of 224 pixels, width 64, 2 layers, 4 heads, hidden 128, projected to 64.
    const [patches, width, layers, heads, hidden] = [49, 64, 2, 4, 128];
    const tokens = patches + 1;
    const patch = 2 * patches * width * (3 * 32 * 32);
    const projections = 2 * tokens * (4 * width * width + 2 * width * hidden);
    const attention = 2 * (2 * tokens * tokens * width) + (5 + 1) * heads * tokens * tokens;
    // Two normalisations, six biases, two sums; and QuickGELU: x * sigmoid(1.702 x).
    const elementwise = tokens * (2 * 7 * width + 5 * width + hidden + 2 * width + 3 * hidden);
    const ends = tokens * (7 + 1) * width + 2 * width * 64;
    const byHand = patch + layers * (projections + attention + elementwise) + ends;
    expect(difference(await count(source, { pixel_values: floats(1, 3, 224, 224) }), byHand)).toBeLessThan(TOLERANCE);
    expect(difference(await count(source, { pixel_values: floats(3, 3, 224, 224) }), 3 * byHand)).toBeLessThan(
      TOLERANCE,
    );
  });
});

describe("what the sizes alone do not say", () => {
  test("is read from the model: the equation of an Einsum", async () => {
    const inputs = { a: floats(2, 4, 16, 8), b: floats(2, 4, 24, 8) };
    const counted = await countNodes(
      inputs,
      [{ op: "Einsum", inputs: ["a", "b"], outputs: ["y"], attributes: { equation: "bhid,bhjd->bhij" } }],
      4,
    );
    expect(counted).toBe(2 * 2 * 4 * 16 * 24 * 8);
  });
});

test("nothing is left behind in the temporary folder, neither by a count nor by one that fails", async () => {
  const before = await traces();
  const source = sourceOf(
    "relu",
    writeModel({
      inputs: [{ name: "x", dtype: "float32", shape: [4] }],
      outputs: [{ name: "y", dtype: "float32", shape: [4] }],
      nodes: [{ op: "Relu", inputs: ["x"], outputs: ["y"] }],
    }),
  );
  expect(await count(source, { x: floats(4) })).toBe(4);
  await expect(count(source, { x: floats(5) })).rejects.toMatchObject({ code: "SG_COMPUTE_INPUT" });
  expect(await traces()).toEqual(before);
});

const traces = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("stargate-flops-"));
