import type { HeardSegment, HeardWord } from "./heard-segment.ts";

/** Words that are nothing but marks say nothing about a segment. */
const MARKS = "\"'“¿([{-\"'.。,，!！?？:：”)]}、";
const LOOKED_AT = 8;

export interface SilenceWindow {
  readonly startSeconds: number;
  /** Of what it holds of the recording. */
  readonly durationSeconds: number;
  /** Where a full window would end. */
  readonly endSeconds: number;
  readonly lastSpeechEnd: number;
  readonly recordingSeconds: number;
}

/** What is kept of a window, and where to go on; `seekSeconds` absent: where one would go on anyway. */
export interface WithoutHallucinations {
  readonly segments: readonly HeardSegment[];
  readonly seekSeconds?: number | undefined;
  /** The window is decoded again without the silence at its beginning; nothing of it counts. */
  readonly isRetry: boolean;
}

/** Words of wrong length or low probability: 0 for none, 1 and more for strange ones. */
function strangeness({ start, end, probability }: HeardWord): number {
  const seconds = end - start;
  return (probability < 0.15 ? 1 : 0) + (seconds < 0.133 ? (0.133 - seconds) * 15 : 0) + Math.max(0, seconds - 2);
}

function isStrange(segment: HeardSegment | undefined): boolean {
  if (segment?.words === undefined || segment.words.length === 0) return false;
  const words = segment.words.filter(({ word }) => !MARKS.includes(word)).slice(0, LOOKED_AT);
  const score = words.reduce((sum, word) => sum + strangeness(word), 0);
  return score >= 3 || score + 0.01 >= words.length;
}

/**
 * Leaves out what Whisper makes up in silence: strange words between pauses longer than the threshold (openai/whisper
 * `transcribe.py`, `hallucination_silence_threshold`).
 */
export function skipHallucinations(
  segments: readonly HeardSegment[],
  threshold: number,
  window: SilenceWindow,
): WithoutHallucinations {
  const spoken = (from: number): HeardSegment | undefined =>
    segments.slice(from).find(({ words = [] }) => words.length > 0);
  const first = spoken(0);
  const gap = (first?.start ?? 0) - window.startSeconds;
  if (first !== undefined && isStrange(first) && gap > threshold)
    return { segments: [], seekSeconds: window.startSeconds + gap, isRetry: true };
  let lastEnd = window.lastSpeechEnd;
  for (const [index, segment] of segments.entries()) {
    if ((segment.words ?? []).length === 0) continue;
    if (isStrange(segment)) {
      const next = spoken(index + 1);
      const nextStart = next?.words?.[0]?.start ?? window.startSeconds + window.durationSeconds;
      const isQuietBefore =
        segment.start - lastEnd > threshold || segment.start < threshold || segment.start - window.startSeconds < 2;
      const isQuietAfter =
        nextStart - segment.end > threshold || isStrange(next) || window.endSeconds - segment.end < 2;
      if (isQuietBefore && isQuietAfter) {
        const isNearEnd = window.recordingSeconds - segment.end < threshold;
        return {
          segments: segments.slice(0, index),
          seekSeconds: isNearEnd ? Infinity : Math.max(window.startSeconds + 1, segment.start),
          isRetry: false,
        };
      }
    }
    lastEnd = segment.end;
  }
  return { segments, isRetry: false };
}
