import type { Tensor } from "@stargate/kernel/backend";
import type { WhisperDecoder } from "../model/whisper-decoder.ts";
import { logitsAt } from "../model/whisper-decoder.ts";
import { languageOf, type SpecialTokens } from "../text/special-tokens.ts";
import { indexOfLargest, logSumExp } from "./log-probabilities.ts";

export interface DetectedLanguage {
  /** Whisper's name. */
  readonly language: string;
  readonly probability: number;
}

/** The likeliest language of a window, among those the model knows (openai/whisper `decoding.py`, `detect_language`). */
export async function detectLanguage(
  model: Pick<WhisperDecoder, "begin">,
  hidden: Tensor,
  special: SpecialTokens,
  signal: AbortSignal,
): Promise<DetectedLanguage> {
  const { logits } = await model.begin(hidden, [[special.startOfTranscript]], signal);
  const values = logitsAt(logits, 0, 0);
  const [from, to] = [special.languageBegin, special.languageBegin + special.languages.length];
  const token = indexOfLargest(values, from, to);
  return {
    language: languageOf(token, special) ?? "en",
    probability: Math.exp((values[token] ?? 0) - logSumExp(values, from, to)),
  };
}
