import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { ModelOnDisk } from "../../../../test/support/onnx-plane.ts";
import type { VoiceModel } from "../../../../test/support/voice-models.ts";
import { speakerOptionsSchema } from "../src/diarise/diarise-options.ts";
import { speakerModels } from "../src/diarise/speaker-model.ts";

/** Tones that the voices of the tests are made of, two each. */
export const TONES_HZ = [310, 620, 1250, 1550, 2800, 3400];

const folder = mkdtempSync(join(tmpdir(), "stargate-speakers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A real ONNX model that tells the voices of the tests apart, as the operator would configure it. */
export function speakerModelOnDisk(input: "fbank" | "samples", { bytes, weights }: VoiceModel): ModelOnDisk {
  const place = mkdtempSync(join(folder, input));
  const files = { "voices.onnx": join(place, "voices.onnx"), "weights.bin": join(place, "weights.bin") };
  writeFileSync(files["voices.onnx"], bytes);
  writeFileSync(files["weights.bin"], new Uint8Array(weights.buffer));
  const [spec] = speakerModels(speakerOptionsSchema.parse({ model: files["voices.onnx"], input }));
  return { program: { files, settings: spec?.settings ?? {} } };
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
