import type { Compute, Pcm, SpeechSegment } from "@stargate/kernel";
import { SPEECH_RATE_HZ, speechSound } from "../sound/speech-sound.ts";
import { createSegmenter } from "./segmenter.ts";
import { sileroModel } from "./silero-model.ts";
import { speechProbabilities } from "./speech-probabilities.ts";
import type { VadOptions } from "./vad-options.ts";

export interface SpeechDetection {
  readonly options: VadOptions;
  readonly compute: Compute;
  readonly signal: AbortSignal;
  /** Default: Silero VAD. */
  readonly model?: string | undefined;
  /** Sound that is being recorded: segments come at once, at the price of more calls of the model. */
  readonly isLive?: boolean | undefined;
  /** Told how many seconds were listened to. */
  readonly heard?: ((seconds: number) => void) | undefined;
}

/**
 * Segments of speech, each as soon as it is final; at last the length of the recording in seconds. Any sample rate and
 * number of channels.
 */
export async function* detectSpeech(
  audio: AsyncIterable<Pcm>,
  { options, compute, signal, model = sileroModel.id, isLive, heard }: SpeechDetection,
): AsyncGenerator<SpeechSegment, number, void> {
  const segmenter = createSegmenter(options);
  let samples = 0;
  const within = (segment: SpeechSegment): SpeechSegment => ({
    ...segment,
    endSeconds: Math.min(segment.endSeconds, samples / SPEECH_RATE_HZ),
  });
  for await (const run of speechProbabilities(speechSound(audio), {
    compute,
    model,
    signal,
    isLive: isLive === true,
  })) {
    samples += run.samples;
    for (const probability of run.probabilities) yield* segmenter.push(probability).map(within);
    heard?.(samples / SPEECH_RATE_HZ);
  }
  yield* segmenter.end(samples);
  return samples / SPEECH_RATE_HZ;
}
