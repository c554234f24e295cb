import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModel } from "../../../packages/adapters/onnx/src/model/write-model.ts";
import { type ModelsConfig, writePerceptron } from "./perceptron.ts";

/**
 * Models that cannot be run, as `models.declare` has them: one that is cut off, one that is no ONNX file, one whose weights
 * lie outside its folder, and one whose bytes are not those of its digest.
 */
export async function writeBrokenModels(folder: string): Promise<ModelsConfig> {
  await mkdir(folder, { recursive: true });
  const whole = await writePerceptron({ folder: join(folder, "whole"), sizes: [4, 2] });
  const graph = await readFile(join(folder, "whole", "model.onnx"));
  const write = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
  };
  const escaping = writeModel({
    inputs: [{ name: "x", dtype: "float32", shape: ["batch", 4] }],
    outputs: [{ name: "y", dtype: "float32", shape: ["batch", 2] }],
    nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }],
    externalWeights: [{ name: "w", shape: [4, 2], file: "../../secret.bin" }],
  });
  return {
    truncated: await write("truncated.onnx", graph.subarray(0, graph.length / 2)),
    text: await write("text.onnx", Buffer.from("This is a letter, not a model.\n".repeat(20))),
    escaping: await write("escaping.onnx", escaping),
    altered: {
      ...whole,
      files: { ...whole?.files, "model.onnx": { ...(await write("a.onnx", graph)), sha256: "0".repeat(64) } },
    },
  };
}
