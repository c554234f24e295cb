import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocatedVariant } from "@stargate/compute";
import { writeModel } from "../../packages/adapters/onnx/src/model/write-model.ts";
import { seededRandom } from "../ocr/seeded-random.ts";

/** 1024 x 3072 + 3072 x 3072 + 3072 x 2048 + 2048 x 64 weights and the biases: 19 013 696 parameters, 76 MB. */
const SIZES = [1024, 3072, 3072, 2048, 64] as const;

export const inputSize = SIZES[0];

/** The model on disk: one file for the graph, one for each weight. */
export interface MlpFiles extends AsyncDisposable {
  /** The graph. Engines find the weights beside it. */
  readonly path: string;
  readonly located: LocatedVariant;
}

/** Writes a perceptron of 19 million parameters with random weights: y = W4 relu(W3 relu(W2 relu(W1 x))). */
export async function writeMlp(): Promise<MlpFiles> {
  const folder = await mkdtemp(join(tmpdir(), "stargate-bench-"));
  const layers = SIZES.slice(1).map((size, index) => ({ index, from: SIZES[index] ?? 0, to: size }));
  const weights = layers.flatMap(({ index, from, to }) => [
    { name: `w${index}`, shape: [from, to], scale: Math.sqrt(2 / from) },
    { name: `b${index}`, shape: [to], scale: 0 },
  ]);
  const graph = writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", inputSize] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", SIZES[4]] }],
    nodes: layers.flatMap(({ index }) => {
      const isLast = index === layers.length - 1;
      const input = index === 0 ? "x" : `r${index - 1}`;
      const gemm = { op: "Gemm", inputs: [input, `w${index}`, `b${index}`], outputs: [isLast ? "y" : `z${index}`] };
      return isLast ? [gemm] : [gemm, { op: "Relu", inputs: [`z${index}`], outputs: [`r${index}`] }];
    }),
    externalWeights: weights.map(({ name, shape }) => ({ name, shape, file: `${name}.bin` })),
  });
  const random = seededRandom(19);
  const contents = new Map<string, Uint8Array>([["model.onnx", graph]]);
  for (const { name, shape, scale } of weights) {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, () => (random() * 2 - 1) * scale);
    contents.set(`${name}.bin`, new Uint8Array(values.buffer));
  }
  const files = [];
  const paths: Record<string, string> = {};
  for (const [name, bytes] of contents) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    paths[name] = path;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    files.push({ name, urls: [`file://${path}`], sha256, sizeBytes: bytes.byteLength });
  }
  const variant = { name: "fp32", quality: 1, files };
  const spec = {
    id: "mlp-19m",
    version: "1.0.0",
    summary: "A perceptron of 19 million random weights",
    licence: "Apache-2.0",
    format: "onnx",
    variants: [variant],
  };
  return {
    path: join(folder, "model.onnx"),
    located: { spec, variant, paths, digest: null },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The inputs of one call, as numbers with three decimals. */
export function rowOf(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: inputSize }, () => Math.round(random() * 1000) / 1000);
}
