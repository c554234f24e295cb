import type { Clip, SpeechWatch } from "./speech-watch.ts";

/** Silence that is shorter stays in a clip: Whisper wants to hear pauses. */
const MOST_PAUSE_FRAMES = 200;
/** Added before and behind speech. */
const PADDING_FRAMES = 20;
/** What is left of a clip is not worth a window when it is shorter. */
const LEAST_FRAMES = 30;

/**
 * The stretch to transcribe next at or after a frame: speech with its pauses, from the beginning of it, to the next long
 * silence. Beyond what is known everything may be speech. At the end, a clip that begins at Infinity.
 */
export function clipAt(watch: Pick<SpeechWatch, "segments" | "knownFrames">, frame: number): Clip {
  const [first, ...others] = watch.segments(frame);
  if (first === undefined) return { start: Math.max(frame, Math.floor(watch.knownFrames)), end: Infinity };
  let { end } = first;
  for (const next of others) {
    if (next.start - end > MOST_PAUSE_FRAMES) break;
    ({ end } = next);
  }
  const isOpen = watch.knownFrames < end + MOST_PAUSE_FRAMES;
  const stop = isOpen ? Infinity : Math.ceil(end) + PADDING_FRAMES;
  const begin = Math.floor(first.start) - PADDING_FRAMES;
  // A short silence before speech is no reason to move.
  const start = begin - frame > MOST_PAUSE_FRAMES / 2 ? begin : frame;
  return { start, end: stop };
}

/** A rest of speech that was heard already: the end of the last word, cut off. */
export function isRest(clip: Clip, frame: number): boolean {
  return clip.start <= frame && clip.end - frame < LEAST_FRAMES;
}
