import { defineTask, type Pcm, type RunContext, type TranscriptSegment } from "@stargate/kernel";
import type { TranscribeOptions } from "../transcribe/transcribe-options.ts";
import { detectSpeech } from "../vad/detect-speech.ts";
import { vadOptionsSchema } from "../vad/vad-options.ts";
import type { LogMel } from "./features/log-mel.ts";
import { FRAMES_PER_SECOND } from "./features/log-mel.ts";
import type { LogMelInput } from "./features/log-mel-task.ts";
import { createMelStream } from "./features/mel-stream.ts";
import type { DecodingOptions, HostedWhisper } from "./hosted-whisper.ts";
import { batchWindows } from "./long-form/batch-windows.ts";
import { createReadableSegments } from "./long-form/readable-segments.ts";
import type { PartialTexts } from "./long-form/partial-texts.ts";
import { type HeardWindow, seekWindows } from "./long-form/seek-windows.ts";
import { watchSpeech } from "./long-form/speech-watch.ts";

const computeMel = defineTask<LogMelInput, LogMel>({
  base: import.meta.url,
  module: "./features/log-mel-task",
  export: "logMelTask",
});

/** Longer speech is cut, so that a detector never waits for its end. */
const LONGEST_SPEECH_SECONDS = 29;
/** What the detector has heard and not yet decided on: the longest speech, its padding and the silence behind it. */
const UNDECIDED_SECONDS = LONGEST_SPEECH_SECONDS + 2;

export interface WhisperWork {
  readonly whisper: HostedWhisper;
  /** Mono, 16 kHz. */
  readonly audio: AsyncIterable<Pcm>;
  /** Whisper's name; undefined: found out. */
  readonly language: string | undefined;
  readonly options: TranscribeOptions;
  readonly context: Pick<RunContext, "signal" | "compute" | "offload">;
  /** Takes each segment as soon as it is final. */
  readonly segment: (segment: TranscriptSegment) => void;
  readonly heard: (seconds: number) => void;
  /** Told what is said so far while sound comes in live (`lookAheadSeconds` 0). */
  readonly partial?: PartialTexts["told"] | undefined;
}

/** What Whisper understood. */
export interface WhisperTranscript {
  readonly segments: readonly TranscriptSegment[];
  /** Whisper's name. */
  readonly language: string;
  readonly languageProbability: number | undefined;
  readonly durationSeconds: number;
  /** Why speech was not looked for to the end, when that was asked for. */
  readonly vadFailure: string | undefined;
}

/** Transcribes a recording of any length, holding a minute and a half of it at a time. Throws what models and tasks throw. */
export async function transcribeWithWhisper(work: WhisperWork): Promise<WhisperTranscript> {
  const { whisper, options, context, segment, heard } = work;
  const watch = options.vad ? watchSpeech(work.audio, detector(context), UNDECIDED_SECONDS) : undefined;
  const mel = createMelStream(watch?.audio ?? work.audio, whisper.mels, (samples) =>
    context.offload(
      computeMel,
      { samples, mels: whisper.mels },
      { signal: context.signal, transfer: [samples.buffer] },
    ),
  );
  const decode = whisper.decode(decodingOptions(options));
  const common = {
    language: work.language,
    promptText: options.prompt,
    endOfText: whisper.endOfText,
    lookAheadFrames: options.lookAheadSeconds * FRAMES_PER_SECOND,
  };
  const isBatched = options.mode === "batched" && watch !== undefined;
  const windows: AsyncIterable<HeardWindow> = isBatched
    ? batchWindows(mel, watch, decode, { ...common, batchSize: options.batchSize })
    : seekWindows(mel, decode, {
        ...common,
        conditionOnPreviousText: options.conditionOnPreviousText,
        watch,
        hallucinationSilenceSeconds: options.hallucinationSilenceSeconds,
        partial: partialTexts(work),
      });
  const readable = createReadableSegments();
  const segments: TranscriptSegment[] = [];
  let language = work.language;
  let languageProbability: number | undefined;
  for await (const window of windows) {
    language ??= window.result.language;
    languageProbability ??= window.result.languageProbability;
    for (const next of readable(window.segments, mel.heardSeconds)) {
      segments.push(next);
      segment(next);
    }
    heard(Math.min(window.heardFrames / FRAMES_PER_SECOND, mel.heardSeconds));
  }
  return {
    segments,
    language: language ?? "und",
    languageProbability,
    durationSeconds: mel.heardSeconds,
    vadFailure: watch?.failure?.message,
  };
}

/** Live sound is told of as it comes in; of a recording there is nobody who could not wait for a window. */
function partialTexts({ options, partial }: WhisperWork): PartialTexts | undefined {
  if (partial === undefined || options.lookAheadSeconds > 0 || options.partialSeconds === 0) return undefined;
  return {
    everyFrames: Math.round(options.partialSeconds * FRAMES_PER_SECOND),
    told: partial,
    nowMs: () => performance.now(),
  };
}

function detector({ compute, signal }: WhisperWork["context"]) {
  const options = vadOptionsSchema.parse({ maxSpeechSeconds: LONGEST_SPEECH_SECONDS });
  return async function* (audio: AsyncIterable<Pcm>, heard: (seconds: number) => void) {
    yield* detectSpeech(audio, { options, compute, signal, heard });
  };
}

function decodingOptions(options: TranscribeOptions): DecodingOptions {
  const { task, words, temperature, beamSize, patience, lengthPenalty, bestOf, maxTokens, seed } = options;
  const { compressionRatioThreshold, logprobThreshold, noSpeechThreshold } = options;
  return {
    task,
    words,
    temperatures: typeof temperature === "number" ? [temperature] : temperature,
    beamSize,
    patience,
    lengthPenalty,
    bestOf,
    maxTokens,
    seed,
    compressionRatioThreshold,
    logprobThreshold,
    noSpeechThreshold,
  };
}
