import { HOP_SAMPLES, type LogMel, REACH_SAMPLES, SAMPLE_RATE_HZ, SILENCE_LOG_MEL } from "./log-mel.ts";

/** Computes frames somewhere else; see `computeLogMel`. */
export type ComputeLogMel = (samples: Float32Array<ArrayBuffer>) => Promise<LogMel>;

/** Log-mel frames of a recording that is still coming in. Holds only what was not discarded. */
export interface MelStream {
  /** Reads until this many frames are known, or the recording is at its end. */
  fill(frames: number): Promise<void>;
  /** [frames, mels] of log10 energies; fewer than asked for at the end. Not for frames that were discarded. */
  slice(fromFrame: number, toFrame: number): Float32Array<ArrayBuffer>;
  /** Forgets frames before this one. */
  discard(beforeFrame: number): void;
  /** Frames of the recording; Infinity until its end has been read. */
  readonly contentFrames: number;
  /** Seconds that have come in. */
  readonly heardSeconds: number;
  /** Largest value so far. */
  readonly maximum: number;
}

/** Frames computed at once: a minute is 1.9 MB of values. */
const MOST_FRAMES = 6000;
/** Frames after the end that still hear some of the recording. */
const ECHO_FRAMES = 2;

/**
 * Frames as `transcribe` of openai/whisper sees them: the recording is reflected at its beginning and followed by silence.
 * @param audio mono, 16 kHz, in order, pieces of any length.
 */
export function createMelStream(
  audio: AsyncIterable<{ readonly samples: Float32Array }>,
  mels: number,
  compute: ComputeLogMel,
): MelStream {
  const pieces = audio[Symbol.asyncIterator]();
  let waiting: Float32Array = new Float32Array(0);
  let heardSamples = 0;
  let isReflected = false;
  let isEnded = false;
  let maximum = SILENCE_LOG_MEL;
  let firstFrame = 0;
  let known: Float32Array<ArrayBuffer> = new Float32Array(0);

  const knownFrames = (): number => firstFrame + known.length / mels;

  /** Mirrors the first samples to before the beginning, once enough of them are there. */
  const reflect = (): void => {
    if (isReflected) return;
    if (waiting.length <= REACH_SAMPLES)
      waiting = joined(waiting, new Float32Array(REACH_SAMPLES + 1 - waiting.length));
    waiting = joined(waiting.slice(1, REACH_SAMPLES + 1).reverse(), waiting);
    isReflected = true;
  };

  const readOn = async (samples: number): Promise<void> => {
    const arrived = [waiting];
    let length = waiting.length;
    while (length < samples && !isEnded) {
      const { done, value } = await pieces.next();
      if (done === true) {
        isEnded = true;
        break;
      }
      arrived.push(value.samples);
      length += value.samples.length;
      heardSamples += value.samples.length;
    }
    waiting = joined(...arrived);
  };

  /** The frames that the waiting samples are enough for; at the end silence makes up for what is missing. */
  const computeWaiting = async (): Promise<void> => {
    reflect();
    const missing = isEnded ? Math.floor(heardSamples / HOP_SAMPLES) + ECHO_FRAMES - knownFrames() : 0;
    if (isEnded) waiting = joined(waiting, new Float32Array(Math.max(0, samplesFor(missing) - waiting.length)));
    const frames = Math.min(framesIn(waiting.length), isEnded ? missing : Infinity);
    for (let done = 0; done < frames;) {
      const count = Math.min(frames - done, MOST_FRAMES);
      const made = await compute(waiting.slice(0, samplesFor(count)));
      known = joined(known, made.values);
      maximum = Math.max(maximum, made.maximum);
      waiting = waiting.subarray(count * HOP_SAMPLES);
      done += count;
    }
    waiting = waiting.slice();
  };

  return {
    async fill(frames) {
      while (knownFrames() < frames && !isEnded) {
        const more = Math.min(frames - knownFrames(), MOST_FRAMES);
        await readOn(isReflected ? samplesFor(more) : Math.max(samplesFor(more) - REACH_SAMPLES, REACH_SAMPLES + 1));
        await computeWaiting();
      }
    },
    slice(fromFrame, toFrame) {
      return known.slice((fromFrame - firstFrame) * mels, (toFrame - firstFrame) * mels);
    },
    discard(beforeFrame) {
      const frames = Math.min(beforeFrame, knownFrames()) - firstFrame;
      if (frames <= 0) return;
      known = known.slice(frames * mels);
      firstFrame += frames;
    },
    get contentFrames() {
      return isEnded ? Math.floor(heardSamples / HOP_SAMPLES) : Infinity;
    },
    get heardSeconds() {
      return heardSamples / SAMPLE_RATE_HZ;
    },
    get maximum() {
      return maximum;
    },
  };
}

function framesIn(samples: number): number {
  return Math.max(0, Math.floor((samples - 2 * REACH_SAMPLES) / HOP_SAMPLES) + 1);
}

function samplesFor(frames: number): number {
  return frames <= 0 ? 0 : (frames - 1) * HOP_SAMPLES + 2 * REACH_SAMPLES;
}

function joined(...parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
