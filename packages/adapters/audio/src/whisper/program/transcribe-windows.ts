import type { Tensor } from "@stargate/kernel/backend";
import { alignWords } from "../alignment/align-words.ts";
import { decodeWindows, type DecodedWindow, isSilent } from "../decoding/decode-windows.ts";
import type { DecodingStart } from "../decoding/decoding-start.ts";
import { type DetectedLanguage, detectLanguage } from "../decoding/detect-language.ts";
import { logSumExp } from "../decoding/log-probabilities.ts";
import { createLogitRules, TIMESTAMP_SECONDS } from "../decoding/logit-rules.ts";
import { promptSequence, startSequence } from "../decoding/start-sequence.ts";
import { WINDOW_FRAMES } from "../features/input-features.ts";
import { logitsAt } from "../model/whisper-decoder.ts";
import { type HeardWindows, rowsOf } from "./hear-windows.ts";
import type { PreparedWhisper } from "./prepared-whisper.ts";
import { splitWindow } from "./split-window.ts";
import type { WindowRequest } from "./window-request.ts";
import type { WindowResult } from "./window-result.ts";

interface Job {
  readonly whisper: PreparedWhisper;
  readonly request: WindowRequest;
  readonly language: DetectedLanguage | { readonly language: string; readonly probability?: undefined };
  readonly hidden: Tensor;
  readonly signal: AbortSignal;
}

/** Decodes windows, those with prompts of one length side by side. Throws SG_COMPUTE_INPUT and what runs throw. */
export async function transcribeWindows(
  whisper: PreparedWhisper,
  { hidden, first }: HeardWindows,
  request: WindowRequest,
  signal: AbortSignal,
): Promise<readonly WindowResult[]> {
  const language = await languageOf(whisper, first, request, signal);
  const job: Job = { whisper, request, language, hidden, signal };
  const prompts = request.windows.map(({ promptText, promptTokens }) => [
    ...(promptText.trim() === "" ? [] : whisper.tokenizer.encode(` ${promptText.trim()}`)),
    ...promptTokens,
  ]);
  const results: WindowResult[] = [];
  const lengths = new Set(prompts.map(({ length }) => length));
  for (const length of lengths) {
    const windows = prompts.flatMap((prompt, index) => (prompt.length === length ? [index] : []));
    const found = await decodeTogether(job, windows, prompts);
    for (const [place, window] of windows.entries()) {
      const result = found[place];
      if (result !== undefined) results[window] = result;
    }
  }
  return results;
}

/** Given, or told from the first window as the whole recording goes on behind it. */
async function languageOf(
  { decoder, tokenizer }: PreparedWhisper,
  first: HeardWindows["first"],
  { language }: WindowRequest,
  signal: AbortSignal,
): Promise<Job["language"]> {
  if (language !== undefined) return { language };
  if (!tokenizer.special.isMultilingual) return { language: "en" };
  return detectLanguage(decoder, await first(), tokenizer.special, signal);
}

async function decodeTogether(
  job: Job,
  windows: readonly number[],
  prompts: readonly (readonly number[])[],
): Promise<readonly WindowResult[]> {
  const { whisper, request, language, signal } = job;
  const { decoder, tokenizer } = whisper;
  const { special } = tokenizer;
  const start = startSequence(special, { language: language.language, task: request.task });
  const before = windows.map((window) => promptSequence(special, prompts[window] ?? []));
  const tokens = before.map((prompt) => [...prompt, ...start, ...(request.timestamps ? [] : [special.noTimestamps])]);
  const hidden = rowsOf(job.hidden, windows);
  const begun = await decoder.begin(hidden, tokens, signal);
  const noSpeech = before.map((prompt, row) => {
    const atStart = logitsAt(begun.logits, row, prompt.length);
    return Math.exp((atStart[special.noSpeech] ?? 0) - logSumExp(atStart));
  });
  const decoding: DecodingStart = {
    model: decoder,
    ...begun,
    rules: createLogitRules(tokenizer, {
      timestamps: request.timestamps,
      maxInitialTimestamp: Math.round(request.maxInitialTimestampSeconds / TIMESTAMP_SECONDS),
    }),
    endOfText: special.endOfText,
    maxTokens: request.maxTokens,
    signal,
  };
  const decoded = await decodeWindows(decoding, tokenizer, noSpeech, request);
  const results: WindowResult[] = [];
  for (const [row, window] of decoded.entries())
    results.push(
      await resultOf(job, window, {
        noSpeech: noSpeech[row] ?? 0,
        start,
        hidden: () => rowsOf(hidden, [row]),
        contentFrames: request.windows[windows[row] ?? 0]?.contentFrames ?? WINDOW_FRAMES,
      }),
    );
  return results;
}

interface HeardWindow {
  readonly noSpeech: number;
  readonly start: readonly number[];
  /** Made when words are asked for: it is a copy. */
  readonly hidden: () => Tensor;
  readonly contentFrames: number;
}

async function resultOf(
  { whisper, request, language, signal }: Job,
  window: DecodedWindow,
  { noSpeech, start, hidden, contentFrames }: HeardWindow,
): Promise<WindowResult> {
  const { decoder, tokenizer, heads } = whisper;
  const facts = {
    ...window,
    language: language.language,
    ...(language.probability === undefined ? {} : { languageProbability: language.probability }),
    noSpeechProb: noSpeech,
  };
  if (isSilent(window, noSpeech, request))
    return { ...facts, isSilent: true, segments: [], advanceFrames: contentFrames, endsOpen: false };
  const { timestampBegin, endOfText } = tokenizer.special;
  const split = splitWindow(window.tokens, {
    timestampBegin,
    contentFrames,
    decode: (tokens) => tokenizer.decode(tokens),
  });
  if (!request.words || heads.length === 0) return { ...facts, ...split, isSilent: false };
  const tokens = split.segments.flatMap((segment) => segment.tokens.filter((token) => token < endOfText));
  const words = await alignWords(decoder, tokenizer, {
    hidden: hidden(),
    start,
    tokens,
    language: language.language,
    contentFrames,
    heads,
    signal,
  });
  return { ...facts, ...split, isSilent: false, words };
}
