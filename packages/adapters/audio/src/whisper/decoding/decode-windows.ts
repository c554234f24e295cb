import type { WhisperTokenizer } from "../text/whisper-tokenizer.ts";
import type { WindowRequest } from "../program/window-request.ts";
import { searchBeams } from "./beam-search.ts";
import { compressionRatio } from "./compression-ratio.ts";
import type { DecodingStart } from "./decoding-start.ts";
import { createRandom } from "./random.ts";
import { sampleSequences } from "./sample-sequences.ts";
import { averageLogprob, bestSequence, type Sequence } from "./sequence.ts";

/** What was said in a window, and how good it is. */
export interface DecodedWindow {
  readonly tokens: readonly number[];
  readonly text: string;
  readonly temperature: number;
  readonly avgLogprob: number;
  readonly compressionRatio: number;
}

export type DecodeOptions = Pick<
  WindowRequest,
  | "temperatures"
  | "beamSize"
  | "patience"
  | "lengthPenalty"
  | "bestOf"
  | "compressionRatioThreshold"
  | "logprobThreshold"
  | "noSpeechThreshold"
  | "seed"
>;

/**
 * Decodes the windows of a start, those that did not turn out well again at the next temperature (openai/whisper
 * `transcribe.py`, `decode_with_fallback`).
 * @param noSpeech probability for each row that nobody speaks.
 */
export async function decodeWindows(
  start: DecodingStart,
  tokenizer: Pick<WhisperTokenizer, "decode">,
  noSpeech: readonly number[],
  options: DecodeOptions,
): Promise<readonly DecodedWindow[]> {
  const decoded = new Map<number, DecodedWindow>();
  let waiting = noSpeech.map((_, row) => row);
  for (const [attempt, temperature] of options.temperatures.entries()) {
    const found = await attemptRows(start, waiting, temperature, { ...options, seed: options.seed + attempt });
    for (const [index, row] of waiting.entries()) {
      const sequence = found[index] ?? { tokens: [], sumLogprob: 0 };
      const text = tokenizer.decode(sequence.tokens).trim();
      decoded.set(row, {
        tokens: sequence.tokens,
        text,
        temperature,
        avgLogprob: averageLogprob(sequence),
        compressionRatio: compressionRatio(text),
      });
    }
    waiting = waiting.filter((row) => {
      const window = decoded.get(row);
      return window !== undefined && isPoor(window, noSpeech[row] ?? 0, options);
    });
    if (waiting.length === 0) break;
  }
  return noSpeech.flatMap((_, row) => decoded.get(row) ?? []);
}

/** The best sequence for each of the rows at one temperature. */
async function attemptRows(
  start: DecodingStart,
  rows: readonly number[],
  temperature: number,
  { beamSize, patience, bestOf, lengthPenalty, seed }: DecodeOptions,
): Promise<readonly Sequence[]> {
  const best = (sequences: readonly Sequence[]): Sequence => bestSequence(sequences, lengthPenalty);
  if (temperature === 0 && beamSize !== undefined) {
    const found: Sequence[] = [];
    for (const row of rows) found.push(best(await searchBeams(start, { row, beamSize, patience })));
    return found;
  }
  const times = temperature === 0 ? 1 : bestOf;
  const repeated = rows.flatMap((row) => Array.from({ length: times }, () => row));
  const all = await sampleSequences(start, { rows: repeated, temperature, random: createRandom(seed) });
  return rows.map((_, index) => best(all.slice(index * times, (index + 1) * times)));
}

/** It repeats itself, or is unsure; what is unsure because nobody speaks is as good as it gets. */
function isPoor(
  { compressionRatio: ratio, avgLogprob }: DecodedWindow,
  noSpeech: number,
  { compressionRatioThreshold, logprobThreshold, noSpeechThreshold }: DecodeOptions,
): boolean {
  const isUnsure = logprobThreshold !== null && avgLogprob < logprobThreshold;
  if (isUnsure && noSpeechThreshold !== null && noSpeech > noSpeechThreshold) return false;
  return isUnsure || (compressionRatioThreshold !== null && ratio > compressionRatioThreshold);
}

/** Whether a window is to be left out: nobody speaks, and what was heard anyway is not sure. */
export function isSilent(
  { avgLogprob }: DecodedWindow,
  noSpeech: number,
  { logprobThreshold, noSpeechThreshold }: DecodeOptions,
): boolean {
  if (noSpeechThreshold === null || noSpeech <= noSpeechThreshold) return false;
  return logprobThreshold === null || avgLogprob <= logprobThreshold;
}
