import { WINDOW_FRAMES } from "../features/input-features.ts";
import type { MelStream } from "../features/mel-stream.ts";
import { type DecodeWindows, type HeardWindow, type SeekOptions, type WindowInput } from "./seek-windows.ts";
import { clearEmpty, placeSegments } from "./place-segments.ts";
import type { Clip, SpeechWatch } from "./speech-watch.ts";

export interface BatchOptions extends Pick<SeekOptions, "language" | "promptText" | "endOfText" | "lookAheadFrames"> {
  /** Windows that are decoded side by side. */
  readonly batchSize: number;
}

/** Added before and behind the speech of a window. */
const PADDING_FRAMES = 20;

/**
 * Cuts speech into windows of up to 30 s at its pauses and decodes several at once. They know nothing of one another, so
 * it is faster than going through window by window and a little worse at the seams (Bain et al. 2023, WhisperX).
 */
export async function* batchWindows(
  mel: MelStream,
  watch: SpeechWatch,
  decode: DecodeWindows,
  options: BatchOptions,
): AsyncGenerator<HeardWindow, void> {
  let { language } = options;
  let filled = 0;
  let taken = 0;
  let waiting: Clip[] = [];
  let isBegun = false;
  for (;;) {
    filled += options.lookAheadFrames + WINDOW_FRAMES;
    await mel.fill(filled);
    await watch.settle();
    const isEnd = filled >= mel.contentFrames;
    const fresh = watch.segments(taken).filter(({ start }) => start >= taken);
    taken = fresh.at(-1)?.end ?? taken;
    waiting = packClips([...waiting, ...fresh]);
    // The last one may grow until its speech has ended. A long recording begins with one window, so that whoever waits for
    // the first words need not wait for many.
    while (waiting.length > (isBegun ? options.batchSize : 1) || (isEnd && waiting.length > 0)) {
      const most = isBegun || isEnd ? options.batchSize : 1;
      const clips = waiting.splice(0, Math.min(most, isEnd ? waiting.length : waiting.length - 1));
      isBegun = true;
      const padded = clips.map((clip) => padClip(clip, mel.contentFrames));
      const inputs = padded.map(({ start, end }): WindowInput => ({
        values: mel.slice(start, end),
        window: { contentFrames: end - start, maximum: mel.maximum, promptText: options.promptText, promptTokens: [] },
      }));
      const results = await decode(inputs, { language });
      for (const [index, result] of results.entries()) {
        language ??= result.language;
        const { start = 0, end = 0 } = padded[index] ?? {};
        const segments = placeSegments(result, start, { endOfText: options.endOfText, lastSpeechEnd: 0 }).map(
          clearEmpty,
        );
        yield { result, segments, heardFrames: end };
      }
      mel.discard(padded.at(-1)?.start ?? 0);
    }
    if (isEnd) return;
    mel.discard(Math.min(waiting[0]?.start ?? taken, taken) - PADDING_FRAMES);
  }
}

/** Joins neighbours as long as they fit into a window, and cuts what does not. */
export function packClips(clips: readonly Clip[]): Clip[] {
  const packed: Clip[] = [];
  const most = WINDOW_FRAMES - 2 * PADDING_FRAMES;
  for (const clip of clips) {
    const last = packed.at(-1);
    if (last !== undefined && clip.end - last.start <= most) {
      packed[packed.length - 1] = { start: last.start, end: clip.end };
      continue;
    }
    for (let { start } = clip; start < clip.end; start += most)
      packed.push({ start, end: Math.min(start + most, clip.end) });
  }
  return packed;
}

function padClip({ start, end }: Clip, contentFrames: number): Clip {
  const from = Math.max(0, Math.floor(start) - PADDING_FRAMES);
  return { start: from, end: Math.min(Math.ceil(end) + PADDING_FRAMES, contentFrames, from + WINDOW_FRAMES) };
}
