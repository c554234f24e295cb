import type { Pcm, SpeechSegment } from "@stargate/kernel";
import { fail } from "../../audio-errors.ts";
import { FRAMES_PER_SECOND } from "../features/log-mel.ts";

/** A stretch of a recording in frames. */
export interface Clip {
  readonly start: number;
  /** Infinity while nobody knows where it ends. */
  readonly end: number;
}

/** Listens to a recording on its way to somebody else, and knows where somebody speaks in it. */
export interface SpeechWatch {
  /** The recording. To be read once. */
  readonly audio: AsyncIterable<Pcm>;
  /** Waits until all that was read has been listened to. */
  settle(): Promise<void>;
  /** Segments that are final, those before `frame` left out. */
  segments(frame: number): readonly Clip[];
  /** All before this frame is known; Infinity after the end. */
  readonly knownFrames: number;
  /** Why nothing is known: speech is not looked for, and all may be speech. */
  readonly failure: Error | undefined;
}

/** Gives segments of speech as soon as they are final; `heard` is told how many seconds were listened to. */
export type DetectSpeech = (
  audio: AsyncIterable<Pcm>,
  heard: (seconds: number) => void,
) => AsyncIterable<SpeechSegment>;

/**
 * @param longestSeconds the detector cuts longer speech: what began longer ago is final.
 */
export function watchSpeech(audio: AsyncIterable<Pcm>, detect: DetectSpeech, longestSeconds: number): SpeechWatch {
  const queue = createQueue<Pcm>();
  const found: Clip[] = [];
  let heardSeconds = 0;
  let isEnded = false;
  let failure: Error | undefined;
  const listen = async (): Promise<void> => {
    try {
      for await (const { startSeconds, endSeconds } of detect(queue.items, (seconds) => (heardSeconds = seconds)))
        found.push({ start: startSeconds * FRAMES_PER_SECOND, end: endSeconds * FRAMES_PER_SECOND });
    } catch (error) {
      failure =
        error instanceof Error ? error : fail("SG_AUDIO_ENGINE_FAILED", "Speech detection failed", { cause: error });
    }
    isEnded = true;
    queue.close();
  };
  const listening = listen();

  return {
    audio: (async function* () {
      for await (const piece of audio) {
        queue.push(piece);
        yield piece;
      }
      queue.end();
      await listening;
    })(),
    settle: () => queue.idle(),
    segments: (frame) => found.filter(({ end }) => end > frame),
    get knownFrames() {
      if (failure !== undefined) return 0;
      return isEnded ? Infinity : Math.max(0, heardSeconds - longestSeconds) * FRAMES_PER_SECOND;
    },
    get failure() {
      return failure;
    },
  };
}

/** Pieces for one reader, and who waits until it wants more. */
function createQueue<Item>() {
  let waiting: Item[] = [];
  let isEnded = false;
  let isClosed = false;
  let wake: (() => void) | undefined;
  let idlers: (() => void)[] = [];
  const release = (): void => {
    for (const resolve of idlers) resolve();
    idlers = [];
  };
  return {
    push(item: Item): void {
      if (isClosed) return;
      waiting.push(item);
      wake?.();
    },
    end(): void {
      isEnded = true;
      wake?.();
    },
    close(): void {
      isClosed = true;
      waiting = [];
      release();
    },
    /** Resolves when all items were taken and the next one is asked for, or the reader is gone. */
    idle(): Promise<void> {
      if (isClosed || (waiting.length === 0 && wake !== undefined)) return Promise.resolve();
      return new Promise((resolve) => idlers.push(resolve));
    },
    items: (async function* () {
      for (;;) {
        const item = waiting.shift();
        if (item !== undefined) {
          yield item;
          continue;
        }
        if (isEnded) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          release();
        });
        wake = undefined;
      }
    })(),
  };
}
