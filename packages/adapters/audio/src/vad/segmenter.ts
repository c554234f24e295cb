import type { SpeechSegment } from "@stargate/kernel";
import { SPEECH_RATE_HZ } from "../sound/speech-sound.ts";
import { WINDOW_SAMPLES } from "./silero-program.ts";
import type { VadOptions } from "./vad-options.ts";

/** Turns probabilities into segments, which it gives as soon as nothing that follows can change them. */
export interface Segmenter {
  /** Probability of the next window. */
  push(probability: number): readonly SpeechSegment[];
  /** All windows were given; the recording has `samples` samples. */
  end(samples: number): readonly SpeechSegment[];
}

/** How far below the threshold a probability must fall to end speech, and the lowest it must reach. */
const HYSTERESIS = 0.15;
const LOWEST_EXIT = 0.01;

/** A silence this long is a place to cut a segment that gets too long. */
const CUT_SILENCE_SAMPLES = (98 * SPEECH_RATE_HZ) / 1000;

/** Speech without its padding, in samples. */
interface Speech {
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

interface Silence {
  readonly start: number;
  readonly end: number;
}

/**
 * The rules of snakers4/silero-vad, `get_speech_timestamps` (6.2): speech begins at the threshold, ends when it stayed
 * below the exit threshold for long enough, and is cut at its longest silence when it gets too long.
 */
export function createSegmenter(options: VadOptions): Segmenter {
  const samplesOf = (ms: number): number => (ms * SPEECH_RATE_HZ) / 1000;
  const exit = Math.max(options.threshold - HYSTERESIS, LOWEST_EXIT);
  const padding = Math.trunc(samplesOf(options.padMs));
  const minSpeech = samplesOf(options.minSpeechMs);
  const minSilence = samplesOf(options.minSilenceMs);
  const maxSpeech =
    options.maxSpeechSeconds === undefined
      ? Infinity
      : options.maxSpeechSeconds * SPEECH_RATE_HZ - WINDOW_SAMPLES - 2 * samplesOf(options.padMs);
  const padder = createPadder(padding);
  /** Probability of each window since the open speech began. */
  let heard: number[] = [];
  let start: number | undefined;
  let silenceStart: number | undefined;
  let silences: Silence[] = [];
  let position = 0;

  const close = (speech: { readonly start: number; readonly end: number }): void => {
    const windows = heard.slice(0, Math.ceil((speech.end - speech.start) / WINDOW_SAMPLES));
    const sum = windows.reduce((total, probability) => total + probability, 0);
    padder.add({ ...speech, probability: windows.length === 0 ? 0 : Math.min(1, sum / windows.length) });
  };
  const forget = (): void => {
    start = undefined;
    silenceStart = undefined;
    silences = [];
    heard = [];
  };
  /** Cuts what got too long; true when nothing of this window is left to look at. */
  const cut = (began: number): boolean => {
    const [first, ...others] = silences;
    if (first === undefined) {
      close({ start: began, end: position });
      forget();
      return true;
    }
    const length = (silence: Silence): number => silence.end - silence.start;
    const longest = others.reduce((best, other) => (length(other) > length(best) ? other : best), first);
    close({ start: began, end: longest.start });
    heard = heard.slice((longest.end - began) / WINDOW_SAMPLES);
    start = longest.end;
    silenceStart = undefined;
    silences = [];
    return false;
  };
  const listen = (probability: number): void => {
    if (start === undefined) {
      if (probability < options.threshold) return;
      start = position;
      heard = [probability];
      return;
    }
    if (probability >= options.threshold && silenceStart !== undefined) {
      if (position - silenceStart > CUT_SILENCE_SAMPLES) silences.push({ start: silenceStart, end: position });
      silenceStart = undefined;
    }
    if (position - start > maxSpeech && cut(start)) return;
    heard.push(probability);
    if (probability >= exit) return;
    silenceStart ??= position;
    if (position - silenceStart < minSilence) return;
    if (silenceStart - start > minSpeech) close({ start, end: silenceStart });
    forget();
  };

  return {
    push(probability) {
      listen(probability);
      position += WINDOW_SAMPLES;
      return padder.final(start ?? position);
    },
    end(samples) {
      if (start !== undefined && samples - start > minSpeech) close({ start, end: samples });
      forget();
      return padder.end(samples);
    },
  };
}

/** Adds padding; of two segments that are closer than twice of it each gets half of what is between them. */
function createPadder(padding: number) {
  const waiting: Speech[] = [];
  let startPadding = padding;

  const give = (speech: Speech, end: number): SpeechSegment => ({
    startSeconds: Math.max(0, speech.start - startPadding) / SPEECH_RATE_HZ,
    endSeconds: end / SPEECH_RATE_HZ,
    probability: speech.probability,
  });

  const shift = (limit: number, total: number): SpeechSegment | undefined => {
    const [first, next] = waiting;
    if (first === undefined) return undefined;
    const gap = (next?.start ?? limit) - first.end;
    if (next === undefined && gap < 2 * padding && total === Infinity) return undefined;
    waiting.shift();
    const isShared = next !== undefined && gap < 2 * padding;
    const segment = give(first, isShared ? first.end + (gap >> 1) : Math.min(total, first.end + padding));
    startPadding = isShared ? gap >> 1 : padding;
    return segment;
  };

  const drain = (limit: number, total: number): readonly SpeechSegment[] => {
    const segments: SpeechSegment[] = [];
    for (let next = shift(limit, total); next !== undefined; next = shift(limit, total)) segments.push(next);
    return segments;
  };

  return {
    add: (speech: Speech): void => void waiting.push(speech),
    /** Segments that stay as they are: nothing that begins at `position` or later comes close to them. */
    final: (position: number): readonly SpeechSegment[] => drain(position, Infinity),
    end: (samples: number): readonly SpeechSegment[] => drain(Infinity, samples),
  };
}
