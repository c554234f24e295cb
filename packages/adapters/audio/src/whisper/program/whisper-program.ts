import { fail, type ModelProgram, parseStrictly, type Tensor } from "@stargate/kernel/backend";
import { type MelWindow, WINDOW_FRAMES } from "../features/input-features.ts";
import { type PreparedWhisper, prepareWhisper } from "./prepared-whisper.ts";
import { transcribeWindows } from "./transcribe-windows.ts";
import { type WindowRequest, windowRequestSchema } from "./window-request.ts";
import type { ModelFacts, WindowResult } from "./window-result.ts";

/**
 * Whisper (arXiv:2212.04356) as a program: windows of up to 30 s in, what was said in them out. The loop over tokens, the
 * caches, retries at higher temperatures and the times of words stay where the model is loaded. Parts: `encoder` and
 * `decoder` (merged), or `encoder`, `decoder` and `decoderWithPast`.
 *
 * `log_mel` is what `computeLogMel` gives for each window, not scaled yet; `request` is JSON (`windowRequestSchema`), and
 * `results` is JSON for each window (`windowResultSchema`).
 */
export const whisperProgram: ModelProgram = {
  signature: {
    inputs: [
      { name: "log_mel", dtype: "float32", shape: ["windows", "frames", "mels"] },
      { name: "request", dtype: "string", shape: [1] },
    ],
    outputs: [{ name: "results", dtype: "string", shape: ["windows"] }],
  },
  async run({ log_mel, request }, context) {
    if (log_mel === undefined || request === undefined)
      throw fail("SG_COMPUTE_INPUT", "A Whisper model takes log_mel and request");
    const asked = parseRequest(request);
    const whisper = await prepareWhisper(context);
    const data = (await answer(whisper, log_mel, asked, context.signal)).map((result) => JSON.stringify(result));
    return { results: { dtype: "string", shape: [data.length], data } };
  },
};

function answer(
  whisper: PreparedWhisper,
  logMel: Tensor,
  asked: WindowRequest,
  signal: AbortSignal,
): Promise<readonly WindowResult[]> | readonly ModelFacts[] {
  if (asked.windows.length === 0) return [factsOf(whisper)];
  return transcribeWindows(whisper, windowsOf(logMel, asked, whisper.model.mels), asked, signal);
}

function factsOf({ model, tokenizer, heads }: PreparedWhisper): ModelFacts {
  const { isMultilingual, languages, endOfText } = tokenizer.special;
  return {
    mels: model.mels,
    endOfText,
    languages: isMultilingual ? languages : ["en"],
    canTranslate: isMultilingual,
    hasWords: heads.length > 0,
  };
}

function parseRequest({ data }: Tensor): WindowRequest {
  try {
    return parseStrictly("The request", windowRequestSchema, JSON.parse(String(data[0])));
  } catch (cause) {
    throw fail("SG_COMPUTE_INPUT", "The request to a Whisper model cannot be read", { cause });
  }
}

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
