import type { TranscriptSegment, TranscriptWord } from "@stargate/kernel";
import { FRAMES_PER_SECOND } from "../features/log-mel.ts";
import type { HeardSegment, HeardWord } from "./heard-segment.ts";

/** Alignment knows no shorter time. */
const LEAST_WORD_SECONDS = 0.02;

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
 * transcript times never decrease, nothing passes the end, and every word ends after it starts: what does not fit is moved
 * by as little as possible. Segments without text are left out.
 */
export function createReadableSegments(): ReadableSegments {
  let lastSegment: Span = { startSeconds: 0, endSeconds: 0 };
  let lastWord: Span = { startSeconds: 0, endSeconds: 0 };

  const readWord = ({ word, start, end, probability }: HeardWord, limit: number): TranscriptWord => {
    const latestStart = Math.max(lastWord.startSeconds, limit - LEAST_WORD_SECONDS);
    const startSeconds = clamp(start, lastWord.startSeconds, latestStart);
    const endSeconds = Math.min(limit, Math.max(end, lastWord.endSeconds, startSeconds + LEAST_WORD_SECONDS));
    lastWord = { startSeconds, endSeconds };
    return { text: word.trim(), startSeconds, endSeconds, probability: clamp(probability, 0, 1) };
  };

  return (segments, heardSeconds) =>
    segments
      .filter(({ text }) => text.trim() !== "")
      .map((segment) => {
        // Words without length at the very beginning of a recording of no length cannot be placed at all.
        const words = heardSeconds > 0 ? segment.words?.map((word) => readWord(word, heardSeconds)) : undefined;
        const startSeconds = clamp(segment.start, lastSegment.startSeconds, heardSeconds);
        const endSeconds = clamp(Math.max(segment.end, startSeconds), lastSegment.endSeconds, heardSeconds);
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

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
