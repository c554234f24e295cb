import type { ModelSource, TensorDtype } from "@stargate/kernel";
import { writeModel } from "../src/model/write-model.ts";

/** A model source with one generated file. */
export function sourceOf(id: string, bytes: Uint8Array<ArrayBuffer>, extra: Partial<ModelSource> = {}): ModelSource {
  return { id, format: "onnx", files: { "model.onnx": new Blob([bytes]) }, ...extra };
}

/** y = x * x over a vector of any length. */
export const squareBytes = (): Uint8Array<ArrayBuffer> =>
  writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: ["n"] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["n"] }],
    nodes: [{ op: "Mul", inputs: ["x", "x"], outputs: ["y"] }],
  });

/** y = x for one dtype. */
export const identityBytes = (dtype: TensorDtype): Uint8Array<ArrayBuffer> =>
  writeModel({
    inputs: [{ name: "x", dtype, shape: ["n"] }],
    outputs: [{ name: "y", dtype, shape: ["n"] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
  });

/** y = x + w, four values each, with w in another file. */
export const addWeightsBytes = (file: string): Uint8Array<ArrayBuffer> =>
  writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: [4] }],
    outputs: [{ name: "y", dtype: "float32", shape: [4] }],
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    externalWeights: [{ name: "w", shape: [4], file }],
  });

/** y = x multiplied by itself again and again, for a square matrix: as long a run as one likes. */
export const longBytes = (multiplications: number): Uint8Array<ArrayBuffer> =>
  writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: ["n", "n"] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["n", "n"] }],
    nodes: Array.from({ length: multiplications }, (_, index) => ({
      op: "MatMul",
      inputs: ["x", index === 0 ? "x" : `y${index}`],
      outputs: [index === multiplications - 1 ? "y" : `y${index + 1}`],
    })),
  });
