import type { BenchResult } from "../../support/result.ts";

/** Where real data lies. */
export interface AudioData {
  /** Folder with samples, models and parity. */
  readonly shared: string;
  /** A recording of 11 s of speech, 16 kHz, mono, 16 bits. */
  readonly speech: string;
}

/** One part of the suite. */
export type AudioMeasure = (data: AudioData, note: (message: string) => void) => Promise<readonly BenchResult[]>;
