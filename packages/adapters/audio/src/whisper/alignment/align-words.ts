import type { Tensor } from "@stargate/kernel/backend";
import { logSumExp } from "../decoding/log-probabilities.ts";
import { TIMESTAMP_SECONDS } from "../decoding/logit-rules.ts";
import { logitsAt, type WhisperDecoder } from "../model/whisper-decoder.ts";
import type { AlignedWord } from "../program/window-result.ts";
import type { WhisperTokenizer } from "../text/whisper-tokenizer.ts";
import { type AlignmentHead, alignmentMatrix } from "./attention-matrix.ts";
import { warpTime } from "./time-warping.ts";

export interface AlignOptions {
  readonly hidden: Tensor;
  /** What a transcript begins with. */
  readonly start: readonly number[];
  /** Text alone. */
  readonly tokens: readonly number[];
  readonly language: string;
  /** Frames of the window that belong to the recording. */
  readonly contentFrames: number;
  readonly heads: readonly AlignmentHead[];
  readonly signal: AbortSignal;
}

/**
 * When each word of a window was said (openai/whisper `timing.py`, `find_alignment`): the whole text is run through the
 * decoder once more, and the way through the attention of the heads that follow the sound says which token belongs where.
 * Memory: attention of the layers of those heads, for "small" and 224 tokens 65 MB, and 1.5 KB per token on the way.
 */
export async function alignWords(
  model: Pick<WhisperDecoder, "attend">,
  tokenizer: Pick<WhisperTokenizer, "special" | "splitWords">,
  { hidden, start, tokens, language, contentFrames, heads, signal }: AlignOptions,
): Promise<readonly AlignedWord[]> {
  const positions = Math.floor(contentFrames / 2);
  if (tokens.length === 0 || positions === 0) return [];
  const { noTimestamps, endOfText } = tokenizer.special;
  const layers = [...new Set(heads.map(([layer]) => layer))];
  const all = [...start, noTimestamps, ...tokens, endOfText];
  const { logits, attention } = await model.attend(hidden, all, layers, signal);
  const probabilities = tokens.map((token, index) => {
    const text = logitsAt(logits, 0, start.length + index).subarray(0, endOfText);
    return Math.exp((text[token] ?? 0) - logSumExp(text));
  });
  const { values } = alignmentMatrix(attention, heads, positions);
  // Row i says where token i of the text is expected: from the one before it to the last of the text.
  const rows = values.subarray(start.length * positions, (all.length - 1) * positions);
  const begins = tokenTimes(rows, positions);
  let read = 0;
  return tokenizer.splitWords(tokens, language).map(({ word, tokens: own }) => {
    const [from, to] = [read, read + own.length];
    read = to;
    const sum = probabilities.slice(from, to).reduce((total, probability) => total + probability, 0);
    return { word, tokens: own, start: begins[from] ?? 0, end: begins[to] ?? 0, probability: sum / own.length };
  });
}

/** Seconds at which each token begins, and the last one ends. */
function tokenTimes(weights: Float32Array, positions: number): readonly number[] {
  const path = warpTime(
    weights.map((weight) => -weight),
    positions,
  );
  return path.rows.flatMap((row, step) =>
    row === path.rows[step - 1] ? [] : [(path.columns[step] ?? 0) * TIMESTAMP_SECONDS],
  );
}
