import assert from "node:assert/strict";
import type { Detections, EncodedMedia, TensorMap } from "@stargate/kernel";
import type { TransformCase } from "@stargate/kernel/testing";

/** Rows of a YOLOX output for 416 pixels, each with 80 classes. */
const YOLOX_ROWS = 52 * 52 + 26 * 26 + 13 * 13;

/**
 * Outputs of detectors that see the same in every picture: a dog of 64 x 32 pixels of input around (104, 72), and a face
 * in the upper left quarter. The parity tests run real ones. Undefined for another model.
 */
export function runScriptedDetector(model: string): TensorMap | undefined {
  if (model === "yolox-nano") {
    const data = new Float32Array(YOLOX_ROWS * 85);
    // Row 3, column 6 of the grid of 16 pixels: (6 + 0.5) * 16 = 104 and (3 + 1.5) * 16 = 72.
    const row = 52 * 52 + 3 * 26 + 6;
    data.set([0.5, 1.5, Math.log(4), Math.log(2), 0.9], row * 85);
    data[row * 85 + 5 + 16] = 0.8;
    return { output: { dtype: "float32", shape: [1, YOLOX_ROWS, 85], data } };
  }
  if (model !== "ultraface-rfb-320") return undefined;
  const scores = Float32Array.of(0.1, 0.9, 0.8, 0.2);
  const boxes = Float32Array.of(0, 0, 0.25, 0.5, 0.5, 0.5, 1, 1);
  return {
    scores: { dtype: "float32", shape: [1, 2, 2], data: scores },
    boxes: { dtype: "float32", shape: [1, 2, 4], data: boxes },
  };
}

/** What they find in a picture of 40 x 20 pixels. */
export function detectCases(picture: EncodedMedia): readonly TransformCase[] {
  const found = (output: unknown) => (output as Detections).detections;
  return [
    {
      name: "a dog",
      transform: "vision.detect-objects",
      input: () => ({ ...picture, name: "17.png" }),
      coverage: { done: 800, of: 800 },
      // 416 pixels of input for 40 of the picture: 10.4 to one.
      expect: (output) =>
        assert.deepEqual(output, {
          widthPixels: 40,
          heightPixels: 20,
          name: "17.png",
          model: "yolox-nano",
          classes: "coco-80",
          detections: [{ label: "dog", classId: 16, score: 0.72, box: [6.92, 5.38, 13.08, 8.46] }],
        }),
    },
    {
      name: "no cat",
      transform: "vision.detect-objects",
      input: () => picture,
      options: { classes: ["cat"] },
      expect: (output) => assert.deepEqual(found(output), []),
    },
    {
      name: "a face",
      transform: "vision.detect-faces",
      input: () => picture,
      coverage: { done: 800, of: 800 },
      expect: (output) =>
        assert.deepEqual(found(output), [{ label: "face", classId: 0, score: 0.9, box: [0, 0, 10, 10] }]),
    },
  ];
}
