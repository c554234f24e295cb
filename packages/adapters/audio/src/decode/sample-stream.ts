/** How a decoder came to its end. */
export interface SoundEnd {
  /** Seconds the recording says it holds; undefined when it does not say. */
  readonly promisedSeconds?: number | undefined;
  /** Why the recording ends before its end, as far as the decoder can tell. */
  readonly brokenOff?: string | undefined;
}

/** Mono samples at the wanted rate, in pieces of a few seconds at most, and at last how it ended. */
export type SampleStream = AsyncGenerator<Float32Array<ArrayBuffer>, SoundEnd, void>;

/** What every decoder is given. */
export interface DecodeRequest {
  readonly blob: Blob;
  readonly sampleRateHz: number;
  readonly signal: AbortSignal;
}
