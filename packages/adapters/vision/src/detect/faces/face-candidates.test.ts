import type { TensorMap } from "@stargate/kernel";
import { expect, test } from "vitest";
import { faceCandidates } from "./face-candidates.ts";

const head = { model: "m", widthPixels: 200, heightPixels: 100, minScore: 0.7 };
const outputs = (scores: readonly number[], boxes: readonly number[]): TensorMap => ({
  scores: { dtype: "float32", shape: [1, scores.length / 2, 2], data: Float32Array.from(scores) },
  boxes: { dtype: "float32", shape: [1, boxes.length / 4, 4], data: Float32Array.from(boxes) },
});

test("boxes are shares of the picture; the second score is that of a face", () => {
  const found = faceCandidates(outputs([0.25, 0.75, 0.75, 0.25], [0.25, 0.5, 0.5, 1, 0, 0, 1, 1]), head);
  expect(found).toEqual([{ classId: 0, score: 0.75, box: [50, 50, 100, 100] }]);
});

test.each([
  ["fewer boxes than scores", outputs([0, 1, 0, 1], [0, 0, 1, 1]), "boxes [1, 1, 4]"],
  ["no boxes", { scores: outputs([0, 1], [])["scores"] } as TensorMap, "boxes [missing]"],
])("refuses %s and says what it got", (_name, wrong, message) => {
  expect(() => faceCandidates(wrong, head)).toThrow(
    expect.objectContaining({ code: "SG_VISION_MODEL_OUTPUT", message: expect.stringContaining(message) as string }),
  );
});
