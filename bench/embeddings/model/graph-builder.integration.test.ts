import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { GraphBuilder, type Precision } from "./graph-builder.ts";
import { onnxFile } from "./onnx-file.ts";

/** Everything that differs between the precisions: patches of a picture, rows of a table, a product. */
async function run(precision: Precision): Promise<Float32Array> {
  const builder = new GraphBuilder(precision, 5);
  const squares = builder.patches("pixels", 16, 4);
  const rows = builder.op("Transpose", [builder.op("Reshape", [squares, builder.integers([0, 16, 4])])], {
    perm: [0, 2, 1],
  });
  const sum = builder.op("Add", [builder.layerNorm(rows, 16), builder.lookUp("ids", 10, 16)]);
  builder.op("Identity", [builder.linear(sum, { from: 16, to: 8 })], {}, "y");
  const file = onnxFile(
    builder.graph({
      inputs: [
        { name: "pixels", dtype: "float32", shape: ["n", 3, 8, 8] },
        { name: "ids", dtype: "int64", shape: ["n", 4] },
      ],
      outputs: [{ name: "y", dtype: "float32", shape: ["n", 4, 8] }],
    }),
  );
  const session = await InferenceSession.create(Buffer.concat(file));
  const pixels = Float32Array.from({ length: 2 * 3 * 64 }, (_, index) => Math.sin(index * index));
  const { y } = await session.run({
    pixels: new Tensor("float32", pixels, [2, 3, 8, 8]),
    ids: new Tensor("int64", BigInt64Array.from([1n, 2n, 3n, 4n, 9n, 8n, 7n, 0n]), [2, 4]),
  });
  await session.release();
  return y?.data as Float32Array;
}

test("a graph in int8 computes what it computes in float32, as far as int8 goes", async () => {
  const [exact, quantised] = [await run("fp32"), await run("int8")];
  expect(exact).toHaveLength(2 * 4 * 8);
  const length = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  expect(length(exact.map((value, at) => value - (quantised[at] ?? 0))) / length(exact)).toBeLessThan(0.015);
  expect(quantised).not.toEqual(exact);
});

test("a graph with branches takes the one that is asked for, with the weights both share", async () => {
  const builder = new GraphBuilder("fp32", 5);
  const weights = builder.floats(Float32Array.of(2, 3), [2]);
  const value = { dtype: "float32", shape: [2] } as const;
  builder.choose(
    "flag",
    [
      { ...value, name: "first" },
      { ...value, name: "second" },
    ],
    {
      whenTrue: (branch) => [branch.op("Add", ["x", weights]), branch.op("Mul", ["x", branch.scalar(10)])],
      whenFalse: (branch) => [branch.op("Sub", ["x", weights]), branch.op("Identity", [weights])],
    },
  );
  const file = onnxFile(
    builder.graph({
      inputs: [
        { ...value, name: "x" },
        { name: "flag", dtype: "bool", shape: [1] },
      ],
      outputs: [
        { ...value, name: "first" },
        { ...value, name: "second" },
      ],
    }),
  );
  const session = await InferenceSession.create(Buffer.concat(file));
  const x = new Tensor("float32", Float32Array.of(5, 7), [2]);
  const answers: unknown[] = [];
  for (const flag of [1, 0]) {
    const { first, second } = await session.run({ x, flag: new Tensor("bool", Uint8Array.of(flag), [1]) });
    answers.push([first, second].map((tensor) => Array.from(tensor!.data as Float32Array)));
  }
  await session.release();
  expect(answers).toEqual([
    [
      [7, 10],
      [50, 70],
    ],
    [
      [3, 4],
      [2, 3],
    ],
  ]);
});
