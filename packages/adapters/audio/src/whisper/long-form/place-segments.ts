import { FRAMES_PER_SECOND } from "../features/log-mel.ts";
import type { WindowResult } from "../program/window-result.ts";
import type { HeardSegment } from "./heard-segment.ts";
import { placeWords } from "./place-words.ts";

export interface Placing {
  /** End of the last word of the windows before. */
  readonly lastSpeechEnd: number;
  /** First token that is no text. */
  readonly endOfText: number;
}

/** Segments of a window that began at the frame `seek`, with their words when they are known, in the recording. */
export function placeSegments(result: WindowResult, seek: number, placing: Placing): readonly HeardSegment[] {
  const offsetSeconds = seek / FRAMES_PER_SECOND;
  const { temperature, avgLogprob, compressionRatio, noSpeechProb } = result;
  const found = result.segments.map(({ start, end, tokens, text }): HeardSegment => ({
    seek,
    start: offsetSeconds + start,
    end: offsetSeconds + end,
    text,
    tokens,
    temperature,
    avgLogprob,
    compressionRatio,
    noSpeechProb,
  }));
  return result.words === undefined ? found : placeWords(found, result.words, { offsetSeconds, ...placing });
}

/** A segment without length or text is nothing. */
export function clearEmpty(segment: HeardSegment): HeardSegment {
  if (segment.start !== segment.end && segment.text.trim() !== "") return segment;
  return { ...segment, text: "", tokens: [], ...(segment.words === undefined ? {} : { words: [] }) };
}
