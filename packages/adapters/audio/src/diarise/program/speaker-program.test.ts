import type { ModelPart, ModelProgramContext, Tensor } from "@stargate/kernel";
import { expect, test } from "vitest";
import { speakerProgram } from "./speaker-program.ts";

/** A part that says what it is given: the first value of each row, and how many rows there are. */
function partOf(...inputs: readonly (readonly (number | string)[])[]): ModelPart & { readonly seen: Tensor[] } {
  const seen: Tensor[] = [];
  return {
    seen,
    signature: {
      inputs: inputs.map((shape, index) => ({ name: `in${index}`, dtype: "float32", shape })),
      outputs: [{ name: "out", dtype: "float32", shape: ["batch", 2] }],
    },
    async run(given) {
      const tensor = given["in0"] as Tensor;
      seen.push(tensor);
      const [batch = 0] = tensor.shape;
      const row = tensor.data.length / batch;
      const data = Float32Array.from({ length: batch * 2 }, (_, at) => Number(tensor.data[Math.floor(at / 2) * row]));
      return { out: { dtype: "float32", shape: [batch, 2], data } };
    },
  };
}
const contextOf = (model: ModelPart, input: "fbank" | "samples"): ModelProgramContext => ({
  parts: { model },
  files: {},
  options: { input, mels: 80 },
  signal: new AbortController().signal,
});
const samples = { dtype: "float32", shape: [3, 800], data: Float32Array.from({ length: 2400 }, (_, n) => n) } as const;

test.for<readonly [string, readonly (number | string)[], readonly number[][]]>([
  ["a matrix", ["batch", "samples"], [[3, 800]]],
  ["one channel", ["batch", 1, "samples"], [[3, 1, 800]]],
  ["one window at a time", [1, "samples"], [[1, 800], [1, 800], [1, 800]]], // prettier-ignore
])("samples are given as the model takes them: %s", async ([, shape, given]) => {
  const part = partOf(shape);
  const { embedding } = await speakerProgram.run({ samples }, contextOf(part, "samples"));
  expect(part.seen.map((tensor) => tensor.shape)).toEqual(given);
  expect(embedding).toEqual({ dtype: "float32", shape: [3, 2], data: Float32Array.of(0, 0, 800, 800, 1600, 1600) });
});

test("a filter bank has 80 bands every 10 ms", async () => {
  const part = partOf(["batch", "frames", 80]);
  await speakerProgram.run({ samples }, contextOf(part, "fbank"));
  expect(part.seen.map(({ shape }) => shape)).toEqual([[3, 3, 80]]);
});

test("no windows are no embeddings", async () => {
  const empty = { dtype: "float32", shape: [0, 800], data: new Float32Array(0) } as const;
  const { embedding } = await speakerProgram.run(
    { samples: empty },
    contextOf(partOf(["batch", "samples"]), "samples"),
  );
  expect(embedding?.shape).toEqual([0, 0]);
});

test.for([
  ["fbank", [["batch", "samples"]], 'reads in0 [batch, samples], which is not "fbank"'],
  ["samples", [["batch", "samples"], ["batch"]], 'reads in0 [batch, samples] and in1 [batch], which is not "samples"'],
] as const)(
  "a model that reads something else than %s is refused with what it reads",
  async ([input, shapes, message]) => {
    await expect(speakerProgram.run({ samples }, contextOf(partOf(...shapes), input))).rejects.toMatchObject({
      code: "SG_COMPUTE_MODEL",
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining("diarise.input") as string,
    });
  },
);
