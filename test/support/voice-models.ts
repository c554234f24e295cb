import { writeModel } from "../../packages/adapters/onnx/src/model/write-model.ts";

/** A small ONNX file and the weights that lie beside it in weights.bin. */
export interface VoiceModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
}

const BANDS = 80;

/** How much each band of a filter bank changes: [batch, frames, 80], squared, its mean over time, and a fixed layer. */
export function bandModel(): VoiceModel {
  const bytes = writeModel({
    inputs: [{ name: "feats", dtype: "float32", shape: ["batch", "frames", BANDS] }],
    outputs: [{ name: "embs", dtype: "float32", shape: ["batch", BANDS] }],
    nodes: [
      { op: "Mul", inputs: ["feats", "feats"], outputs: ["power"] },
      { op: "ReduceMean", inputs: ["power"], outputs: ["mean"], attributes: { axes: [1], keepdims: 0 } },
      { op: "MatMul", inputs: ["mean", "layer"], outputs: ["embs"] },
    ],
    externalWeights: [{ name: "layer", shape: [BANDS, BANDS], file: "weights.bin" }],
  });
  return { bytes, weights: Float32Array.from({ length: BANDS * BANDS }, (_, at) => (at % (BANDS + 1) === 0 ? 1 : 0)) };
}

const KERNEL_SAMPLES = 400;

/** How loud each tone is in 16 kHz sound: [batch, 1, samples], a convolution with the tones, squared, its mean over time. */
export function toneModel(tonesHz: readonly number[]): VoiceModel {
  const kernels = tonesHz.flatMap((toneHz) =>
    [Math.sin, Math.cos].map((wave) =>
      Array.from({ length: KERNEL_SAMPLES }, (_, n) => wave((2 * Math.PI * toneHz * n) / 16_000) / KERNEL_SAMPLES),
    ),
  );
  const attributes = { kernel_shape: [KERNEL_SAMPLES], strides: [KERNEL_SAMPLES / 2] };
  const bytes = writeModel({
    inputs: [{ name: "wav", dtype: "float32", shape: ["batch", 1, "samples"] }],
    outputs: [{ name: "embedding", dtype: "float32", shape: ["batch", kernels.length] }],
    nodes: [
      { op: "Conv", inputs: ["wav", "tones"], outputs: ["heard"], attributes },
      { op: "Mul", inputs: ["heard", "heard"], outputs: ["power"] },
      { op: "ReduceMean", inputs: ["power"], outputs: ["embedding"], attributes: { axes: [2], keepdims: 0 } },
    ],
    externalWeights: [{ name: "tones", shape: [kernels.length, 1, KERNEL_SAMPLES], file: "weights.bin" }],
  });
  return { bytes, weights: Float32Array.from(kernels.flat()) };
}

/** As `bandModel` without a layer: all in one file, as operators have them. */
export function changeModel(): Uint8Array<ArrayBuffer> {
  return writeModel({
    inputs: [{ name: "feats", dtype: "float32", shape: ["batch", "frames", BANDS] }],
    outputs: [{ name: "embs", dtype: "float32", shape: ["batch", BANDS] }],
    nodes: [
      { op: "Mul", inputs: ["feats", "feats"], outputs: ["power"] },
      { op: "ReduceMean", inputs: ["power"], outputs: ["embs"], attributes: { axes: [1], keepdims: 0 } },
    ],
  });
}
