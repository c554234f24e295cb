import type { TensorMap } from "@stargate/kernel";
import { expect, test } from "vitest";
import { readEmbedding } from "./read-embedding.ts";

const which = { model: "tower", output: "image_embeds", space: "clip" };

test("is of length 1 and names the space both towers share", () => {
  const outputs: TensorMap = { image_embeds: { dtype: "float32", shape: [1, 2], data: Float32Array.of(3, 4) } };
  expect(readEmbedding(outputs, which)).toEqual({
    model: "clip",
    dimensions: 2,
    normalized: true,
    vector: Float32Array.of(0.6, 0.8),
  });
});

test.each<[string, TensorMap, string]>([
  [
    "another output",
    { pooler_output: { dtype: "float32", shape: [1, 2], data: Float32Array.of(3, 4) } },
    'Model "tower" has no output "image_embeds"; it gave pooler_output',
  ],
  [
    "one vector per token",
    { image_embeds: { dtype: "float32", shape: [1, 1, 2], data: Float32Array.of(3, 4) } },
    'Output "image_embeds" of model "tower" is float32 [1, 1, 2], not float32 [1, dimensions]',
  ],
  [
    "bits of float16",
    { image_embeds: { dtype: "float16", shape: [1, 2], data: Uint16Array.of(1, 2) } },
    'Output "image_embeds" of model "tower" is float16 [1, 2], not float32 [1, dimensions]',
  ],
])("%s is refused", (_what, outputs, message) => {
  expect(() => readEmbedding(outputs, which)).toThrow(
    expect.objectContaining({ code: "SG_VISION_MODEL_OUTPUT", message }),
  );
});
