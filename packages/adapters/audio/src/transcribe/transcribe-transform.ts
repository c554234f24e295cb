import { defineTransform, many, type Pcm, pcm, type RunContext, type Transcript, transcript } from "@stargate/kernel";
import { fail } from "../audio-errors.ts";
import type { Recogniser } from "../recognisers/recogniser.ts";
import { speechSound } from "../sound/speech-sound.ts";
import { quietOutsideSpeech } from "../vad/quiet-outside-speech.ts";
import { findVadProblem } from "../vad/vad-problem.ts";
import { languageTag, whisperLanguage } from "../whisper/text/languages.ts";
import { transcribeWithWhisper } from "../whisper/transcribe-with-whisper.ts";
import type { HostedWhisper, SplitWhisper } from "../whisper/hosted-whisper.ts";
import { halvesOf } from "../whisper/whisper-specs.ts";
import { chooseWhisper } from "./choose-whisper.ts";
import { joinText } from "./join-text.ts";
import { type TranscribeOptions, transcribeOptionsSchema } from "./transcribe-options.ts";

/** What the operator decides about transcripts. */
export interface TranscribeSetup {
  /** Whisper models, best first. */
  readonly models: readonly { readonly model: string; readonly quality: number }[];
  /** Their halves are models of their own. Default: no. */
  readonly split?: boolean | undefined;
  /** The lowest rung: works without any model. */
  readonly offline?: Recogniser | undefined;
}

type Context = RunContext<TranscribeOptions>;

/**
 * What is said in a recording, with times: by the best Whisper model that can be run here, or at last by a recogniser that
 * needs none. Each segment is emitted ("segment-end") as soon as it is final.
 */
export function createTranscribeTransform({ models, split: isSplit = false, offline }: TranscribeSetup) {
  const split = isSplit ? { answered: new Set<string>() } : undefined;
  // A rung is weighed by the half that takes most of the time.
  const modelOf = (name: string): string => (isSplit ? halvesOf(name).decoder : name);
  const rungs = models.map(({ model, quality }) => ({ name: model, model: modelOf(model), quality }));
  const last = offline === undefined ? [] : [{ name: offline.name, quality: offline.quality }];
  return defineTransform({
    id: "audio.transcribe",
    version: "1.0.0",
    summary: "What is said in a recording, in the language it is said in or in English, with times",
    from: many(pcm),
    to: transcript,
    coverage: "reported",
    options: transcribeOptionsSchema,
    loss: { speaker: 1, sound: 1 },
    // "small" on two cores; a measured cost replaces it.
    cost: ({ durationSeconds }) => ({ ms: 300 * Number(durationSeconds ?? 60) }),
    ladder: [...rungs, ...last],
    run(input, context) {
      const { name, model } = context.rung;
      if (model !== undefined) return runWhisper(name, split, input, context);
      if (offline !== undefined) return runOffline(offline, input, context);
      throw fail("SG_AUDIO_RECOGNISER_MISSING", "The gateway has neither a Whisper model nor another recogniser");
    },
  });
}

async function runWhisper(
  model: string,
  split: SplitWhisper | undefined,
  input: AsyncIterable<Pcm>,
  context: Context,
): Promise<Transcript> {
  const { rung, options: asked, compute, offload, signal } = context;
  const whisper = await chooseWhisper(model, asked.words, { compute, offload, signal, split });
  const language = languageFor(whisper, context.options);
  const options = await reducedOptions(whisper, context);
  const heard = await transcribeWithWhisper({
    whisper,
    audio: speechSound(input),
    language,
    options,
    context,
    segment: (segment) => context.emit("segment-end", segment),
    heard: (seconds) => context.progress(seconds),
    partial: createPartialEvents({ emit: (type, data) => context.emit(type, data) }),
  });
  if (heard.vadFailure !== undefined)
    context.issue({
      code: "SG_AUDIO_ENGINE_FAILED",
      message: `Speech detection ended before the recording did: ${heard.vadFailure}`,
    });
  return finish(context, {
    ...heard,
    language: languageTag(heard.language),
    text: joinText(heard.segments, true),
    recogniser: { name: "whisper", quality: rung.quality, model: whisper.model },
  });
}

/** "segment-start" with the first text of a stretch of speech, "segment-delta" with each. */
function createPartialEvents({ emit }: Pick<Context, "emit">): (startSeconds: number, text: string) => void {
  let begun = -1;
  return (startSeconds, text) => {
    if (startSeconds !== begun) emit("segment-start", { startSeconds });
    begun = startSeconds;
    emit("segment-delta", { startSeconds, text });
  };
}

/** Throws SG_AUDIO_LANGUAGE for a language or a translation that the model does not know. */
function languageFor(whisper: HostedWhisper, { language: tag, task }: TranscribeOptions): string | undefined {
  if (task === "translate" && !whisper.canTranslate)
    throw fail("SG_AUDIO_LANGUAGE", `Model "${whisper.model}" knows English alone and cannot translate`);
  if (tag === undefined) return undefined;
  const language = whisperLanguage(tag);
  if (language !== undefined && whisper.languages.includes(language)) return language;
  throw fail("SG_AUDIO_LANGUAGE", `Model "${whisper.model}" does not know the language "${tag}"`, {
    hint: `Ask for one of ${whisper.languages.map(languageTag).join(", ")}, or for none: then it is found out.`,
  });
}

/** Announces what cannot be had, and asks for the rest. */
async function reducedOptions(whisper: HostedWhisper, context: Context): Promise<TranscribeOptions> {
  const { options } = context;
  const words = options.words && whisper.hasWords;
  if (options.words && !words)
    context.degrade({
      what: "no times of words",
      reason: `model "${whisper.model}" was exported without attention; "${whisper.model}-words" is not here`,
    });
  return { ...options, words, vad: await canFindSpeech(context) };
}

/** Whether speech is to be looked for, and can be; announces that it cannot. */
async function canFindSpeech(context: Context): Promise<boolean> {
  if (!context.options.vad) return false;
  const problem = await findVadProblem(context);
  if (problem === undefined) return true;
  context.degrade({ what: "speech is not looked for before it is transcribed", reason: problem });
  return false;
}

async function runOffline(offline: Recogniser, input: AsyncIterable<Pcm>, context: Context): Promise<Transcript> {
  const missing = await offline.missing();
  if (missing !== undefined)
    throw fail("SG_AUDIO_RECOGNISER_MISSING", `No speech recogniser is here: ${missing.message}`, {
      hint: `Run stargate models pull whisper-base --accept; without a network, load a bundle. Or make do with little: ${missing.hint}`,
    });
  if (context.options.task === "translate")
    throw fail("SG_AUDIO_LANGUAGE", `The recogniser "${offline.name}" cannot translate`);
  const { language, words } = context.options;
  const sound = speechSound(input);
  const audio = (await canFindSpeech(context)) ? quietOutsideSpeech(sound, context) : sound;
  const heard = await offline.transcribe(
    { audio, language, words },
    {
      signal: context.signal,
      compute: context.compute,
      offload: context.offload,
      log: context.log,
      segment: (segment) => context.emit("segment-end", segment),
      heard: (seconds) => context.progress(seconds),
    },
  );
  return finish(context, {
    ...heard,
    text: joinText(heard.segments, false),
    recogniser: { name: offline.name, quality: offline.quality },
  });
}

type Heard = Pick<
  Transcript,
  "segments" | "language" | "languageProbability" | "durationSeconds" | "text" | "recogniser"
>;

/** Says what was done, and how much was listened to. */
function finish(context: Context, heard: Heard): Transcript {
  const { segments, language, languageProbability, durationSeconds, text, recogniser } = heard;
  context.coverage({ done: durationSeconds, of: durationSeconds });
  context.meter({ unit: "audio-second", quantity: durationSeconds });
  context.disclose({ recogniser: recogniser.name, language, ...(recogniser.model && { model: recogniser.model }) });
  return {
    text,
    language,
    ...(languageProbability === undefined ? {} : { languageProbability }),
    task: context.options.task,
    durationSeconds,
    segments,
    recogniser,
  };
}
