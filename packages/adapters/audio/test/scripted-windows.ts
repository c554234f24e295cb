import type { MelStream } from "../src/whisper/features/mel-stream.ts";
import { type DecodeWindows, type HeardWindow } from "../src/whisper/long-form/seek-windows.ts";
import { splitWindow } from "../src/whisper/program/split-window.ts";
import type { WindowResult } from "../src/whisper/program/window-result.ts";

/** First special token, and the timestamp of 0.00 s. */
export const END_OF_TEXT = 1000;
const TIMESTAMPS = 1100;

/** A recording of which each frame holds its own number, so that a decoder knows what it is given. */
export function numberedMel(contentFrames: number): MelStream & { readonly held: () => readonly [number, number] } {
  let [first, known] = [0, 0];
  return {
    fill: async (frames) => void (known = Math.max(known, Math.min(frames, contentFrames))),
    slice: (from, to) => Float32Array.from({ length: Math.min(to, known) - from }, (_, index) => from + index),
    discard: (before) => void (first = Math.max(first, Math.min(before, known))),
    get contentFrames() {
      return known >= contentFrames ? contentFrames : Infinity;
    },
    get heardSeconds() {
      return known / 100;
    },
    maximum: 0,
    held: () => [first, known],
  };
}

/** Word k is said from 0.5 k to 0.5 k + 0.4 s; seven make a sentence. */
const WORD_SECONDS = 0.5;
const SENTENCE = 7;
export const wordTimes = (word: number): readonly [number, number] => [word * WORD_SECONDS, word * WORD_SECONDS + 0.4];

/**
 * A decoder that hears every word which is whole in its window, gives timestamps around sentences and begins the last one
 * without coming to its end: what Whisper does at the seams.
 */
export function scriptedDecode(options: { readonly words?: boolean; readonly facts?: Partial<WindowResult> } = {}) {
  const asked: { readonly from: number; readonly language: string | undefined; readonly prompt: readonly number[] }[] =
    [];
  const decode: DecodeWindows = async (inputs, { language }) =>
    inputs.map(({ values, window }) => {
      const from = values[0] ?? 0;
      asked.push({ from, language, prompt: window.promptTokens ?? [] });
      const [start, end] = [from / 100, (from + window.contentFrames) / 100];
      const heard = Array.from({ length: 1000 }, (_, word) => word).filter((word) => {
        const [begin, stop] = wordTimes(word);
        return begin >= start - 1e-9 && stop <= end + 1e-9;
      });
      const stamp = (seconds: number): number => TIMESTAMPS + Math.round((seconds - start) / 0.02);
      const tokens = heard.flatMap((word, index) => {
        const [begin, stop] = wordTimes(word);
        const opens = word % SENTENCE === 0 || index === 0;
        const closes = word % SENTENCE === SENTENCE - 1;
        return [...(opens ? [stamp(begin)] : []), word, ...(closes ? [stamp(stop)] : [])];
      });
      const decodeText = (ids: readonly number[]) =>
        ids
          .filter((id) => id < END_OF_TEXT)
          .map((id) => ` w${id}`)
          .join("");
      const split = splitWindow(tokens, {
        timestampBegin: TIMESTAMPS,
        contentFrames: window.contentFrames,
        decode: decodeText,
      });
      const said = split.segments.flatMap((segment) => segment.tokens.filter((token) => token < END_OF_TEXT));
      const words = said.map((word) => ({
        word: ` w${word}`,
        tokens: [word],
        start: wordTimes(word)[0] - start,
        end: wordTimes(word)[1] - start,
        probability: 0.9,
      }));
      return {
        language: language ?? "en",
        tokens,
        text: decodeText(tokens),
        temperature: 0,
        avgLogprob: -0.1,
        compressionRatio: 1,
        noSpeechProb: 0,
        isSilent: false,
        ...split,
        ...(options.words === true ? { words } : {}),
        ...options.facts,
      };
    });
  return { decode, asked };
}

export async function collect(windows: AsyncIterable<HeardWindow>): Promise<HeardWindow[]> {
  const all: HeardWindow[] = [];
  for await (const window of windows) all.push(window);
  return all;
}
