import { writeModel } from "../../packages/adapters/onnx/src/model/write-model.ts";

/** Side of the square that one pixel of the smoothing model's answer sees. */
export const SMOOTHING_PIXELS = 5;

const inputs = [{ name: "input", dtype: "float32", shape: ["tiles", 1, "height", "width"] }] as const;

/** A convolution whose answer is known: the mean of 5 x 5 pixels of the one band (zeros outside) for class 1, its opposite for class 0. */
export function smoothingModel(): Uint8Array<ArrayBuffer> {
  const margin = (SMOOTHING_PIXELS - 1) / 2;
  const attributes = {
    kernel_shape: [SMOOTHING_PIXELS, SMOOTHING_PIXELS],
    pads: [margin, margin, margin, margin],
    count_include_pad: 1,
  };
  return writeModel({
    inputs,
    outputs: [{ name: "output", dtype: "float32", shape: ["tiles", 2, "height", "width"] }],
    nodes: [
      { op: "AveragePool", inputs: ["input"], outputs: ["mean"], attributes },
      { op: "Neg", inputs: ["mean"], outputs: ["opposite"] },
      { op: "Concat", inputs: ["opposite", "mean"], outputs: ["output"], attributes: { axis: 1 } },
    ],
  });
}

/** One number for a whole tile: its mean. */
export function brightnessModel(): Uint8Array<ArrayBuffer> {
  return writeModel({
    inputs,
    outputs: [{ name: "output", dtype: "float32", shape: ["tiles", 1] }],
    nodes: [{ op: "ReduceMean", inputs: ["input"], outputs: ["output"], attributes: { axes: [2, 3], keepdims: 0 } }],
  });
}
