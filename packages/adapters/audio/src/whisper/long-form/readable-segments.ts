import type { TranscriptSegment, TranscriptWord } from "@stargate/kernel";
import { FRAMES_PER_SECOND } from "../features/log-mel.ts";
import type { HeardSegment, HeardWord } from "./heard-segment.ts";

/** Alignment knows no shorter time. */
const LEAST_WORD_SECONDS = 0.02;

/** Sums of times are a little more or less than what they mean (30 + 0.32 is); subtitles know milliseconds. */
const STEPS_PER_SECOND = 1000;

/** Makes segments of a transcript from what was heard, one window after the other. */
export type ReadableSegments = (
  segments: readonly HeardSegment[],
  heardSeconds: number,
) => readonly TranscriptSegment[];

interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * Whisper gives times that run backwards over a seam, pass the end of the recording or make words of no length. In a
 * transcript times never decrease, nothing begins before what is before it has ended, nothing passes the end, and every
 * word ends after it starts: what does not fit is moved by as little as possible. Of words that would only fit behind the
 * end the last ones lie on top of each other. Segments without text are left out.
 */
export function createReadableSegments(): ReadableSegments {
  let lastSegment: Span = { startSeconds: 0, endSeconds: 0 };
  let lastWord: Span = { startSeconds: 0, endSeconds: 0 };

  const readWord = ({ word, start, end, probability }: HeardWord, limit: number): TranscriptWord => {
    const latestStart = Math.max(lastWord.startSeconds, limit - LEAST_WORD_SECONDS);
    const startSeconds = clamp(rounded(start), lastWord.endSeconds, latestStart);
    const endSeconds = Math.min(limit, Math.max(rounded(end), lastWord.endSeconds, startSeconds + LEAST_WORD_SECONDS));
    lastWord = { startSeconds, endSeconds };
    return { text: word.trim(), startSeconds, endSeconds, probability: clamp(probability, 0, 1) };
  };

  return (segments, heardSeconds) =>
    segments
      .filter(({ text }) => text.trim() !== "")
      .map((segment) => {
        // Words without length at the very beginning of a recording of no length cannot be placed at all.
        const words = heardSeconds > 0 ? segment.words?.map((word) => readWord(word, heardSeconds)) : undefined;
        const startSeconds = clamp(rounded(segment.start), lastSegment.endSeconds, heardSeconds);
        const endSeconds = clamp(Math.max(rounded(segment.end), startSeconds), lastSegment.endSeconds, heardSeconds);
        lastSegment = { startSeconds, endSeconds };
        return {
          startSeconds,
          endSeconds,
          text: segment.text,
          ...(words === undefined ? {} : { words: words.filter(({ text }) => text !== "") }),
          tokens: segment.tokens,
          windowStartSeconds: segment.seek / FRAMES_PER_SECOND,
          temperature: segment.temperature,
          avgLogprob: segment.avgLogprob,
          compressionRatio: segment.compressionRatio,
          noSpeechProb: clamp(segment.noSpeechProb, 0, 1),
        };
      });
}

function rounded(seconds: number): number {
  return Math.round(seconds * STEPS_PER_SECOND) / STEPS_PER_SECOND;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
