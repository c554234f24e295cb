import type { AlignedWord } from "../program/window-result.ts";
import type { HeardSegment, HeardWord } from "./heard-segment.ts";
import { mergePunctuation } from "./merge-punctuation.ts";

const SENTENCE_ENDS = ".。!！?？";
/** Longest that half of all words are taken to be. */
const MOST_MEDIAN_SECONDS = 0.7;
/** How far a segment's own time may lie inside its first or last word before it is believed more. */
const TRUST_SECONDS = 0.5;

interface Placing {
  /** Begin of the window. */
  readonly offsetSeconds: number;
  /** End of the last word of the windows before. */
  readonly lastSpeechEnd: number;
  /** First special token. */
  readonly endOfText: number;
}

/** Durations of words that are plausible in a window. */
interface Durations {
  readonly median: number;
  readonly most: number;
}

type Draft = { -readonly [Key in keyof HeardWord]: HeardWord[Key] };

/**
 * Gives the words of a window to its segments and repairs what alignment gets wrong: words that swallow the silence beside
 * a sentence or a segment are cut short, and segments begin and end with their words (openai/whisper `timing.py`,
 * `add_word_timestamps`, whose rules and numbers these are).
 */
export function placeWords(
  segments: readonly HeardSegment[],
  aligned: readonly AlignedWord[],
  { offsetSeconds, lastSpeechEnd, endOfText }: Placing,
): readonly HeardSegment[] {
  const durations = durationsOf(aligned);
  const words = mergePunctuation(cutAtSentences(aligned, durations.most));
  let next = 0;
  let spokenUntil = lastSpeechEnd;
  return segments.map((segment) => {
    const count = segment.tokens.filter((token) => token < endOfText).length;
    const own: Draft[] = [];
    for (let read = 0; next < words.length && read < count; next++) {
      const word = words[next];
      if (word === undefined) break;
      read += word.tokens.length;
      if (word.word === "") continue;
      const [start, end] = [hundredths(offsetSeconds + word.start), hundredths(offsetSeconds + word.end)];
      own.push({ word: word.word, start, end, probability: word.probability });
    }
    const placed = fitSegment(segment, own, durations, spokenUntil);
    if (own.length > 0) spokenUntil = placed.end;
    return placed;
  });
}

function durationsOf(words: readonly AlignedWord[]): Durations {
  const all = words.map(({ start, end }) => end - start).filter((duration) => duration !== 0);
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median =
    sorted.length === 0 ? 0 : ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
  const trusted = Math.min(MOST_MEDIAN_SECONDS, median);
  return { median: trusted, most: 2 * trusted };
}

/** A sentence's mark and the word behind it are no longer than words are. */
function cutAtSentences(words: readonly AlignedWord[], most: number): readonly AlignedWord[] {
  if (most === 0) return words;
  return words.map((word, index) => {
    const before = words[index - 1];
    if (before === undefined || word.end - word.start <= most) return word;
    if (SENTENCE_ENDS.includes(word.word)) return { ...word, end: word.start + most };
    return SENTENCE_ENDS.includes(before.word) ? { ...word, start: word.end - most } : word;
  });
}

function fitSegment(
  segment: HeardSegment,
  words: readonly Draft[],
  durations: Durations,
  spokenUntil: number,
): HeardSegment {
  const [first, second] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return { ...segment, words };
  cutAfterPause(first, second, durations, spokenUntil);
  let { start, end } = segment;
  if (start < first.end && start - TRUST_SECONDS > first.start)
    first.start = Math.max(0, Math.min(first.end - durations.median, start));
  else start = first.start;
  if (end > last.start && end + TRUST_SECONDS < last.end) last.end = Math.max(last.start + durations.median, end);
  else end = last.end;
  return { ...segment, start, end, words };
}

/** The first words after a pause are no longer than words are. */
function cutAfterPause(
  first: Draft,
  second: Draft | undefined,
  { median, most }: Durations,
  spokenUntil: number,
): void {
  if (first.end - spokenUntil <= 4 * median) return;
  const isLong = first.end - first.start > most;
  const areLong = second !== undefined && second.end - first.start > 2 * most;
  if (!isLong && !areLong) return;
  if (second !== undefined && second.end - second.start > most) {
    const boundary = Math.max(second.end / 2, second.end - most);
    first.end = boundary;
    second.start = boundary;
  }
  first.start = Math.max(0, first.end - most);
}

function hundredths(seconds: number): number {
  return Number(seconds.toFixed(2));
}
