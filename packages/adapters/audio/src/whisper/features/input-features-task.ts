import type { TaskFunction } from "@stargate/kernel";
import { inputFeatures, WINDOW_FRAMES } from "./input-features.ts";

export interface InputFeaturesInput {
  /** [windows, frames, mels] of log10 energies. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly mels: number;
  /** What is wanted, one after the other; see `inputFeatures`. */
  readonly rows: readonly {
    readonly window: number;
    readonly maximum: number;
    /** undefined: followed by silence. */
    readonly contentFrames: number | undefined;
  }[];
  /** Frames of each window in `values`. */
  readonly frames: number;
}

/** Runs in a worker: [rows, mels, 3000], a millisecond or two for each row. */
export const inputFeaturesTask: TaskFunction<InputFeaturesInput, Float32Array<ArrayBuffer>> = (
  { values, mels, frames, rows },
  { transfer },
) => {
  const size = mels * WINDOW_FRAMES;
  const features = new Float32Array(rows.length * size);
  for (const [row, { window, maximum, contentFrames }] of rows.entries()) {
    const part = values.subarray(window * frames * mels, (window + 1) * frames * mels);
    features.set(inputFeatures({ values: part, mels, maximum }, contentFrames), row * size);
  }
  transfer([features.buffer]);
  return features;
};
