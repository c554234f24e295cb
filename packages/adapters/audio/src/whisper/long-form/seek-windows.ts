import { WINDOW_FRAMES } from "../features/input-features.ts";
import { FRAMES_PER_SECOND } from "../features/log-mel.ts";
import type { MelStream } from "../features/mel-stream.ts";
import type { WindowRequestInput } from "../program/window-request.ts";
import type { WindowResult } from "../program/window-result.ts";
import { skipHallucinations } from "./hallucinations.ts";
import type { HeardSegment } from "./heard-segment.ts";
import { clipAt, isRest } from "./clips.ts";
import { fillTelling, type PartialTexts } from "./partial-texts.ts";
import { clearEmpty, placeSegments } from "./place-segments.ts";
import type { Clip, SpeechWatch } from "./speech-watch.ts";

/** Frames of a window with all it takes to decode it. */
export interface WindowInput {
  /** [frames, mels] of log10 energies. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly window: WindowRequestInput["windows"][number];
}

export interface WindowOptions {
  /** Whisper's name; undefined until it is known. */
  readonly language: string | undefined;
  /** The text is not kept: the likeliest one is enough, and nobody asks when its words were said. */
  readonly isPartial?: boolean | undefined;
}

/** Decodes windows with a model. */
export type DecodeWindows = (
  inputs: readonly WindowInput[],
  options: WindowOptions,
) => Promise<readonly WindowResult[]>;

export interface SeekOptions {
  /** Whisper's name of the language; absent: told from the first window. */
  readonly language?: string | undefined;
  /** Text that comes before: names, spelling, style. */
  readonly promptText: string;
  /** Windows know what was said before them. */
  readonly conditionOnPreviousText: boolean;
  /** First token that is no text. */
  readonly endOfText: number;
  /** Frames that are heard before a window is decoded, so that it is scaled as loud as the recording gets. */
  readonly lookAheadFrames: number;
  /** Where somebody speaks; absent: everywhere. */
  readonly watch?: Pick<SpeechWatch, "segments" | "knownFrames" | "settle"> | undefined;
  /** Told what is said so far while a window comes in; absent: nobody wants to know. */
  readonly partial?: PartialTexts | undefined;
  /** Strange words between pauses longer than this are left out; absent: they are believed. Needs words. */
  readonly hallucinationSilenceSeconds?: number | undefined;
}

/** What one window brought. */
export interface HeardWindow {
  readonly result: WindowResult;
  /** Those without text are empty: `text` is "" and there are neither tokens nor words. */
  readonly segments: readonly HeardSegment[];
  /** Frame up to which the recording has been listened to. */
  readonly heardFrames: number;
}

/** No model looks further back. */
const PROMPT_TOKENS = 448;

/** A text decoded at a higher temperature than this is no good as a prompt. */
const MOST_PROMPT_TEMPERATURE = 0.5;

/**
 * Goes through a recording window by window, each beginning where the last whole segment ended (openai/whisper
 * `transcribe.py`). Yields after each window; always comes to an end.
 */
export async function* seekWindows(
  mel: MelStream,
  decode: DecodeWindows,
  options: SeekOptions,
): AsyncGenerator<HeardWindow, void> {
  let { language } = options;
  let seek = 0;
  let lastSpeechEnd = 0;
  let said: readonly number[] = [];
  let { promptText } = options;
  for (;;) {
    const frames = WINDOW_FRAMES + options.lookAheadFrames;
    if (options.partial === undefined) await mel.fill(seek + frames);
    else {
      const decodePart = async (input: WindowInput) => (await decode([input], { language, isPartial: true }))[0];
      const window = { promptText, promptTokens: [...said] };
      await fillTelling(mel, { seek, frames, window, decode: decodePart }, options.partial);
    }
    if (seek >= mel.contentFrames) return;
    const clip = await nextClip(options.watch, seek);
    if (clip.start > seek || isRest(clip, seek)) {
      seek = Math.min(Math.max(clip.start, isRest(clip, seek) ? clip.end : 0), mel.contentFrames);
      mel.discard(seek);
      continue;
    }
    const heardFrames = Math.min(WINDOW_FRAMES, mel.contentFrames - seek, clip.end - seek);
    const window = { contentFrames: heardFrames, maximum: mel.maximum, promptText, promptTokens: [...said] };
    const values = mel.slice(seek, seek + WINDOW_FRAMES);
    const [result] = await decode([{ values, window }], { language });
    if (result === undefined) return;
    language ??= result.language;
    const heard = hearWindow(result, {
      seek,
      frames: heardFrames,
      lastSpeechEnd,
      recordingFrames: mel.contentFrames,
      options,
    });
    ({ lastSpeechEnd } = heard);
    said = [...said, ...heard.segments.flatMap(({ tokens }) => tokens)].slice(-PROMPT_TOKENS);
    const isKept = options.conditionOnPreviousText && result.temperature <= MOST_PROMPT_TEMPERATURE;
    if (!isKept && !result.isSilent && !heard.isRetry) [said, promptText] = [[], ""];
    // A window that would begin where this one did would go on for ever.
    seek = heard.seek > seek ? heard.seek : seek + heardFrames;
    mel.discard(seek);
    yield { result, segments: heard.segments, heardFrames: Math.min(seek, mel.contentFrames) };
  }
}

async function nextClip(watch: SeekOptions["watch"], seek: number): Promise<Clip> {
  if (watch === undefined) return { start: seek, end: Infinity };
  await watch.settle();
  return clipAt(watch, seek);
}

interface WindowPlace {
  readonly seek: number;
  readonly frames: number;
  readonly lastSpeechEnd: number;
  readonly recordingFrames: number;
  readonly options: SeekOptions;
}

interface Heard {
  readonly segments: readonly HeardSegment[];
  readonly seek: number;
  readonly lastSpeechEnd: number;
  readonly isRetry: boolean;
}

function hearWindow(result: WindowResult, place: WindowPlace): Heard {
  const { seek, frames, lastSpeechEnd, options } = place;
  if (result.isSilent) return { segments: [], seek: seek + frames, lastSpeechEnd, isRetry: false };
  const found = placeSegments(result, seek, { lastSpeechEnd, endOfText: options.endOfText });
  const next = seek + result.advanceFrames;
  if (result.words === undefined) return { segments: found.map(clearEmpty), seek: next, lastSpeechEnd, isRetry: false };
  return hearWords(result, found, next, place);
}

/** Where words are known, the next window begins behind the last of them. */
function hearWords(
  { endsOpen }: WindowResult,
  segments: readonly HeardSegment[],
  next: number,
  { seek, frames, lastSpeechEnd, recordingFrames, options }: WindowPlace,
): Heard {
  const offsetSeconds = seek / FRAMES_PER_SECOND;
  const endSeconds = offsetSeconds + WINDOW_FRAMES / FRAMES_PER_SECOND;
  const lastEnd = endOf(segments);
  let seekTo = next;
  if (!endsOpen && lastEnd !== undefined && lastEnd > offsetSeconds) seekTo = frameAt(lastEnd);
  const { hallucinationSilenceSeconds: threshold } = options;
  if (threshold === undefined)
    return {
      segments: segments.map(clearEmpty),
      seek: seekTo,
      lastSpeechEnd: lastEnd ?? lastSpeechEnd,
      isRetry: false,
    };
  if (!endsOpen && lastEnd !== undefined && lastEnd > offsetSeconds && endSeconds - lastEnd <= threshold)
    seekTo = seek + frames;
  const kept = skipHallucinations(segments, threshold, {
    startSeconds: offsetSeconds,
    durationSeconds: frames / FRAMES_PER_SECOND,
    endSeconds,
    lastSpeechEnd,
    recordingSeconds: recordingFrames / FRAMES_PER_SECOND,
  });
  if (kept.seekSeconds !== undefined) seekTo = Math.min(frameAt(kept.seekSeconds), recordingFrames);
  return {
    segments: kept.segments.map(clearEmpty),
    seek: seekTo,
    lastSpeechEnd: kept.isRetry ? lastSpeechEnd : (endOf(kept.segments) ?? lastSpeechEnd),
    isRetry: kept.isRetry,
  };
}

/** End of the last word, or of the last segment when there is no word. */
function endOf(segments: readonly HeardSegment[]): number | undefined {
  const words = segments.flatMap((segment) => segment.words ?? []);
  return words.at(-1)?.end ?? segments.at(-1)?.end;
}

function frameAt(seconds: number): number {
  return Math.round(seconds * FRAMES_PER_SECOND);
}
