import type { Transcript, TranscriptSegment } from "./transcript-schema.ts";

/** Frames of the log-mel spectrogram per second, in which Whisper counts `seek`. */
const FRAMES_PER_SECOND = 100;

/** `response_format=json` of OpenAI's POST /v1/audio/transcriptions. */
export function writeOpenaiJson({ text }: Transcript): string {
  return JSON.stringify({ text });
}

/**
 * `response_format=verbose_json`: the language by its English name, numbers that nobody knows as 0, `words` where
 * there are any.
 */
export function writeOpenaiVerboseJson(transcript: Transcript): string {
  const { text, language, task, durationSeconds, segments } = transcript;
  const words = segments.flatMap((segment) => segment.words ?? []);
  return JSON.stringify({
    task,
    language: languageName(language),
    duration: durationSeconds,
    text,
    segments: segments.map(verboseSegment),
    ...(words.length === 0
      ? {}
      : {
          words: words.map((word) => ({ word: word.text, start: word.startSeconds, end: word.endSeconds })),
        }),
  });
}

function verboseSegment(segment: TranscriptSegment, id: number): object {
  return {
    id,
    seek: Math.round((segment.windowStartSeconds ?? 0) * FRAMES_PER_SECOND),
    start: segment.startSeconds,
    end: segment.endSeconds,
    text: segment.text,
    tokens: segment.tokens ?? [],
    temperature: segment.temperature ?? 0,
    avg_logprob: segment.avgLogprob ?? 0,
    compression_ratio: segment.compressionRatio ?? 0,
    no_speech_prob: segment.noSpeechProb ?? 0,
    ...(segment.speaker === undefined ? {} : { speaker: segment.speaker }),
  };
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code)?.toLowerCase() ?? code;
  } catch {
    return code; // no language code: as it stands
  }
}
