import type { Pcm, RunContext, TranscriptSegment } from "@stargate/kernel";

/** What a recogniser is asked for. */
export interface RecogniserRequest {
  /** The recording: mono, 16,000 Hz, pieces in order without gaps between them. Never held whole. */
  readonly audio: AsyncIterable<Pcm>;
  /** Language spoken ("en"); undefined: the recogniser finds out, or knows but one. */
  readonly language?: string | undefined;
  /** Times of words are wanted. */
  readonly words: boolean;
}

/** What a recogniser may use of the run it works for. */
export interface RecogniserContext extends Pick<RunContext, "signal" | "compute" | "offload" | "log"> {
  /** Takes each segment as soon as it is final, in order, before the whole is done. */
  segment(segment: TranscriptSegment): void;
  /** Seconds of the recording that have been listened to. */
  heard(seconds: number): void;
}

/** Speech as a recogniser understood it: the transcript without what the caller knows anyway. */
export interface Recognised {
  readonly segments: readonly TranscriptSegment[];
  /** BCP 47. */
  readonly language: string;
  readonly languageProbability?: number | undefined;
  /** Seconds of audio that came in: the length of the recording. */
  readonly durationSeconds: number;
}

/** One way to turn sound into words: a rung of the ladder of `audio.transcribe`. */
export interface Recogniser {
  /** "whisper", "pocketsphinx": goes into the transcript and the receipt. */
  readonly name: string;
  /** 0-1, relative to the best one. */
  readonly quality: number;
  /** Why it cannot run on this machine, as a message and the one command that changes it; undefined when it can. */
  missing(): Promise<{ readonly message: string; readonly hint: string } | undefined>;
  /** Throws SG_AUDIO_RECOGNISER_MISSING when it cannot run here, SG_AUDIO_ENGINE_FAILED when it failed. */
  transcribe(request: RecogniserRequest, context: RecogniserContext): Promise<Recognised>;
}
