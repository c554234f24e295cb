import type { Pcm } from "@stargate/kernel";
import { SPEECH_RATE_HZ } from "../../sound/speech-sound.ts";

/** The last seconds of a recording, by time. */
export interface RecentSound {
  /** Passes the recording on and remembers it. */
  listen(audio: AsyncIterable<Pcm>): AsyncGenerator<Pcm, void, void>;
  /** What was heard between two times, as far as it is remembered. */
  between(startSeconds: number, endSeconds: number): Float32Array;
}

/** Remembers so many seconds of mono 16 kHz sound. */
export function createRecentSound(seconds: number): RecentSound {
  const most = seconds * SPEECH_RATE_HZ;
  let pieces: { readonly start: number; readonly samples: Float32Array }[] = [];
  let heard = 0;
  return {
    async *listen(audio) {
      for await (const piece of audio) {
        pieces.push({ start: heard, samples: piece.samples });
        heard += piece.samples.length;
        const isOld = ({ start, samples }: (typeof pieces)[number]): boolean => start + samples.length < heard - most;
        if (pieces[0] !== undefined && isOld(pieces[0])) pieces = pieces.filter((one) => !isOld(one));
        yield piece;
      }
    },
    between(startSeconds, endSeconds) {
      const start = Math.round(startSeconds * SPEECH_RATE_HZ);
      const end = Math.min(Math.round(endSeconds * SPEECH_RATE_HZ), heard);
      const sound = new Float32Array(Math.max(0, end - start));
      for (const piece of pieces) {
        const from = Math.max(start, piece.start);
        const to = Math.min(end, piece.start + piece.samples.length);
        if (from < to) sound.set(piece.samples.subarray(from - piece.start, to - piece.start), from - start);
      }
      return sound;
    },
  };
}
