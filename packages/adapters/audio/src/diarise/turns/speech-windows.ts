import type { SpeechSegment } from "@stargate/kernel";
import { SPEECH_RATE_HZ } from "../../sound/speech-sound.ts";

/** A piece of speech that one embedding is made of, and the seconds it speaks for. */
export interface SpeechWindow {
  /** Where its speech segment begins: windows of one segment follow each other without a gap. */
  readonly segmentSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

export interface WindowLengths {
  readonly windowSeconds: number;
  readonly hopSeconds: number;
}

/**
 * Windows of one length over a speech segment, the last one at its very end. Shorter segments are repeated until they fill
 * a window. Each window speaks for what is nearer to its middle than to that of its neighbours.
 */
export function speechWindows(
  segment: SpeechSegment,
  sound: Float32Array,
  { windowSeconds, hopSeconds }: WindowLengths,
): readonly SpeechWindow[] {
  const length = Math.round(windowSeconds * SPEECH_RATE_HZ);
  const hop = Math.round(hopSeconds * SPEECH_RATE_HZ);
  if (sound.length === 0) return [];
  const count = 1 + Math.ceil(Math.max(0, sound.length - length) / hop);
  const begins = Array.from({ length: count }, (_, index) => Math.max(0, Math.min(index * hop, sound.length - length)));
  const border = (index: number): number =>
    segment.startSeconds + ((begins[index - 1] ?? 0) + (begins[index] ?? 0) + length) / 2 / SPEECH_RATE_HZ;
  return begins.map((begin, index) => ({
    segmentSeconds: segment.startSeconds,
    startSeconds: index === 0 ? segment.startSeconds : border(index),
    endSeconds: index === count - 1 ? segment.endSeconds : border(index + 1),
    samples: Float32Array.from({ length }, (_, at) => sound[begin + (at % sound.length)] ?? 0),
  }));
}
