/** A word with its place in the recording. */
export interface HeardWord {
  /** With the space before it. */
  readonly word: string;
  /** Seconds from the beginning of the recording. */
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

/** A segment as openai/whisper's `transcribe` gives it: times may still be equal or pass the end of the recording. */
export interface HeardSegment {
  /** Frame of the recording at which its window began. */
  readonly seek: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** With timestamps. */
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly avgLogprob: number;
  readonly compressionRatio: number;
  readonly noSpeechProb: number;
  readonly words?: readonly HeardWord[] | undefined;
}
