import { fail, type ModelProgram, type Tensor } from "@stargate/kernel/backend";
import { type MelWindow, WINDOW_FRAMES } from "../features/input-features.ts";
import { openWhisperEncoder } from "../model/whisper-encoder.ts";
import { hearWindows } from "./hear-windows.ts";
import { prepareWhisper } from "./prepared-whisper.ts";
import { factsOf, parseRequest, requestSpec, resultsOf, resultsSpec } from "./program-tensors.ts";
import { transcribeWindows } from "./transcribe-windows.ts";
import type { WindowRequest } from "./window-request.ts";

/**
 * Whisper (arXiv:2212.04356) as a program: windows of up to 30 s in, what was said in them out. The loop over tokens, the
 * caches, retries at higher temperatures and the times of words stay where the model is loaded. Parts: `encoder` and
 * `decoder` (merged), or `encoder`, `decoder` and `decoderWithPast`.
 *
 * `log_mel` is what `computeLogMel` gives for each window, not scaled yet.
 */
export const whisperProgram: ModelProgram = {
  signature: {
    inputs: [{ name: "log_mel", dtype: "float32", shape: ["windows", "frames", "mels"] }, requestSpec],
    outputs: [resultsSpec],
  },
  async run({ log_mel, request }, context) {
    if (log_mel === undefined || request === undefined)
      throw fail("SG_COMPUTE_INPUT", "A Whisper model takes log_mel and request");
    const asked = parseRequest(request);
    const encoder = openWhisperEncoder(context.parts);
    const whisper = await prepareWhisper(context);
    if (asked.windows.length === 0) return resultsOf([factsOf(whisper, encoder.mels)]);
    const heard = await hearWindows(encoder, windowsOf(log_mel, asked, encoder.mels), asked, context.signal);
    return resultsOf(await transcribeWindows(whisper, heard, asked, context.signal));
  },
};

function windowsOf({ shape, data }: Tensor, { windows }: WindowRequest, mels: number): readonly MelWindow[] {
  const [count = 0, frames = 0, given = 0] = shape;
  if (given !== mels) throw fail("SG_COMPUTE_INPUT", `The model takes ${mels} mel bands, not ${given}`);
  if (frames > WINDOW_FRAMES || count !== windows.length)
    throw fail(
      "SG_COMPUTE_INPUT",
      `${count} windows of ${frames} frames for a request of ${windows.length} windows of up to ${WINDOW_FRAMES} frames`,
    );
  const values = data as Float32Array; // the signature says so
  const size = frames * mels;
  return windows.map(({ maximum }, index) => ({
    values: values.subarray(index * size, (index + 1) * size),
    mels,
    maximum,
  }));
}
