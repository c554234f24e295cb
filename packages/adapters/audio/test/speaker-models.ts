import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { ModelOnDisk } from "../../../../test/support/onnx-plane.ts";
import { writeModel } from "../../onnx/src/model/write-model.ts";
import { speakerOptionsSchema } from "../src/diarise/diarise-options.ts";
import { speakerModels } from "../src/diarise/speaker-model.ts";

/** Tones that the voices of the tests are made of; the model for samples hears these. */
const TONES_HZ = [310, 620, 1250, 1550, 2800, 3400];

const folder = mkdtempSync(join(tmpdir(), "stargate-speakers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** How much each band of a Kaldi filter bank changes: x [batch, frames, 80] -> mean over time of x^2, through a fixed layer. */
function bandModel(): Uint8Array<ArrayBuffer> {
  return writeModel({
    inputs: [{ name: "feats", dtype: "float32", shape: ["batch", "frames", 80] }],
    outputs: [{ name: "embs", dtype: "float32", shape: ["batch", 80] }],
    nodes: [
      { op: "Mul", inputs: ["feats", "feats"], outputs: ["power"] },
      { op: "ReduceMean", inputs: ["power"], outputs: ["mean"], attributes: { axes: [1], keepdims: 0 } },
      { op: "MatMul", inputs: ["mean", "layer"], outputs: ["embs"] },
    ],
    externalWeights: [{ name: "layer", shape: [80, 80], file: "weights.bin" }],
  });
}

const KERNEL = 400;

/** How loud each tone is: a convolution with the tones, squared, and its mean over time. */
function toneModel(): Uint8Array<ArrayBuffer> {
  return writeModel({
    inputs: [{ name: "wav", dtype: "float32", shape: ["batch", 1, "samples"] }],
    outputs: [{ name: "embedding", dtype: "float32", shape: ["batch", 2 * TONES_HZ.length] }],
    nodes: [
      {
        op: "Conv",
        inputs: ["wav", "tones"],
        outputs: ["heard"],
        attributes: { kernel_shape: [KERNEL], strides: [KERNEL / 2] },
      },
      { op: "Mul", inputs: ["heard", "heard"], outputs: ["power"] },
      { op: "ReduceMean", inputs: ["power"], outputs: ["embedding"], attributes: { axes: [2], keepdims: 0 } },
    ],
    externalWeights: [{ name: "tones", shape: [2 * TONES_HZ.length, 1, KERNEL], file: "weights.bin" }],
  });
}

/** A real ONNX model that tells the voices of the tests apart, as the operator would configure it. */
export function speakerModelOnDisk(input: "fbank" | "samples"): ModelOnDisk {
  const weights =
    input === "fbank"
      ? Float32Array.from({ length: 80 * 80 }, (_, at) => (at % 81 === 0 ? 1 : 0))
      : Float32Array.from(
          TONES_HZ.flatMap((toneHz) =>
            [Math.sin, Math.cos].flatMap((wave) =>
              Array.from({ length: KERNEL }, (_, n) => wave((2 * Math.PI * toneHz * n) / 16_000) / KERNEL),
            ),
          ),
        );
  const place = mkdtempSync(join(folder, input));
  const paths = { "voices.onnx": join(place, "voices.onnx"), "weights.bin": join(place, "weights.bin") };
  writeFileSync(paths["voices.onnx"], input === "fbank" ? bandModel() : toneModel());
  writeFileSync(paths["weights.bin"], new Uint8Array(weights.buffer));
  const [spec] = speakerModels(speakerOptionsSchema.parse({ model: paths["voices.onnx"], input }));
  return { program: { files: paths, settings: spec?.settings ?? {} } };
}

/** Sound of a voice that changes between two tones ten times a second, with a little noise; the noise alone of nobody. */
export function voiceSound(voice: number | undefined, seconds: number): Float32Array<ArrayBuffer> {
  let state = (voice ?? 9) + 1;
  return Float32Array.from({ length: seconds * 16_000 }, (_, n) => {
    const toneHz = voice === undefined ? 0 : (TONES_HZ[2 * voice + (Math.floor(n / 1600) % 2)] ?? 0);
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return 0.3 * Math.sin((2 * Math.PI * toneHz * n) / 16_000) + 0.002 * (state / 2 ** 31 - 1);
  });
}
