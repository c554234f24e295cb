import { SILENCE_LOG_MEL } from "./log-mel.ts";

/** Frames of a window: 30 s. */
export const WINDOW_FRAMES = 3000;

/** Frames of a window and what it takes to scale them. */
export interface MelWindow {
  /** [frames, mels] of log10 energies, at most 3,000 frames. */
  readonly values: Float32Array;
  readonly mels: number;
  /** Largest value of the recording, as far as it is known. */
  readonly maximum: number;
}

/** Energies this far below the maximum are raised: 80 dB. */
const RANGE = 8;

/**
 * What the encoder takes, [mels, 3000]: clamped and scaled frames, then 0.0 from `contentFrames` on, as `transcribe` of
 * openai/whisper pads its last window. Without `contentFrames` what lies beyond the frames is silence, as it pads the
 * recording before it looks for the language.
 */
export function inputFeatures({ values, mels, maximum }: MelWindow, contentFrames?: number): Float32Array<ArrayBuffer> {
  const floor = maximum - RANGE;
  const features = new Float32Array(mels * WINDOW_FRAMES);
  const given = Math.min(values.length / mels, WINDOW_FRAMES);
  if (contentFrames === undefined && given < WINDOW_FRAMES) features.fill(scaled(SILENCE_LOG_MEL, floor));
  const frames = Math.min(given, contentFrames ?? given);
  for (let frame = 0; frame < frames; frame++)
    for (let mel = 0; mel < mels; mel++)
      features[mel * WINDOW_FRAMES + frame] = scaled(values[frame * mels + mel] ?? 0, floor);
  return features;
}

function scaled(value: number, floor: number): number {
  return (Math.max(value, floor) + 4) / 4;
}
