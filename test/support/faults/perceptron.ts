import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConfigInput } from "@stargate/server";
import { writeModel } from "../../../packages/adapters/onnx/src/model/write-model.ts";

/** `models.declare` of a configuration. */
export type ModelsConfig = NonNullable<NonNullable<ConfigInput["models"]>["declare"]>;

export interface PerceptronOptions {
  /** Where its files are written. */
  readonly folder: string;
  /** Width of the input, of each layer between, and of the output. */
  readonly sizes: readonly number[];
  /** Whether calls share runs. Default "first-axis". */
  readonly batching?: "first-axis" | "none" | undefined;
  /** A run takes at least this long, as on a device of its own. Default 0. Understood by the faulty backend. */
  readonly deviceMs?: number | undefined;
}

/**
 * Writes an ONNX model of dense layers with fixed weights, `y = relu(... relu(x W1) ...) Wn`, and gives its declaration
 * for `models.declare`. Inputs "x", outputs "y", float32, one item a row.
 */
export async function writePerceptron(options: PerceptronOptions): Promise<ModelsConfig[string]> {
  const { folder, sizes, batching = "first-axis", deviceMs = 0 } = options;
  const layers = sizes.slice(1).map((size, index) => ({ name: `w${index}`, shape: [sizes[index] ?? 0, size] }));
  const graph = writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", sizes[0] ?? 0] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", sizes.at(-1) ?? 0] }],
    nodes: layers.flatMap(({ name }, index) => {
      const [from, isLast] = [index === 0 ? "x" : `r${index - 1}`, index === layers.length - 1];
      const product = { op: "MatMul", inputs: [from, name], outputs: [isLast ? "y" : `p${index}`] };
      return isLast ? [product] : [product, { op: "Relu", inputs: [`p${index}`], outputs: [`r${index}`] }];
    }),
    externalWeights: layers.map(({ name, shape }) => ({ name, shape, file: `${name}.bin` })),
  });
  const contents = new Map<string, Uint8Array>([["model.onnx", graph]]);
  for (const { name, shape } of layers) {
    const [from = 1, to = 1] = shape;
    // Any fixed numbers do; these are small, differ, and keep the sums of a layer near those of the one before.
    const weights = Float32Array.from({ length: from * to }, (_, index) => Math.sin(index * 12.9898) / Math.sqrt(from));
    contents.set(`${name}.bin`, new Uint8Array(weights.buffer));
  }
  await mkdir(folder, { recursive: true });
  const files: Record<string, { readonly path: string; readonly sha256: string }> = {};
  for (const [name, bytes] of contents) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    files[name] = { path, sha256: createHash("sha256").update(bytes).digest("hex") };
  }
  return { files, format: "onnx", batching, settings: { deviceMs } };
}
