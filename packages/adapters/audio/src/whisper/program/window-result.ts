import { z } from "zod";

/** Seconds from the beginning of the window. */
const seconds = z.number();

const segmentSchema = z.object({
  start: seconds,
  end: seconds,
  /** With its timestamps. */
  tokens: z.array(z.int()).readonly(),
  text: z.string(),
});

const wordSchema = z.object({
  /** With the space before it. */
  word: z.string(),
  tokens: z.array(z.int()).readonly(),
  start: seconds,
  end: seconds,
  probability: z.number(),
});

/** What a Whisper program answers for one window: JSON in a string of its output `results`. */
export const windowResultSchema = z.object({
  /** Whisper's name of the language. */
  language: z.string(),
  /** Absent: the language was given, or the model knows but one. */
  languageProbability: z.number().optional(),
  tokens: z.array(z.int()).readonly(),
  text: z.string(),
  temperature: z.number(),
  avgLogprob: z.number(),
  compressionRatio: z.number(),
  noSpeechProb: z.number(),
  /** Nobody speaks, as the thresholds of the request say: there are no segments. */
  isSilent: z.boolean(),
  segments: z.array(segmentSchema).readonly(),
  /** Frames to the beginning of the next window. */
  advanceFrames: z.int(),
  /** The text goes on to the end of the window: it ends in one timestamp, not two. */
  endsOpen: z.boolean(),
  /** Of all segments in order. Absent: not asked for, or the model cannot tell (it was exported without attention). */
  words: z.array(wordSchema).readonly().optional(),
});

/** What a Whisper program says of its model when it is asked for no window. */
export const modelFactsSchema = z.object({
  mels: z.int().positive(),
  /** First token that is no text. */
  endOfText: z.int(),
  /** Whisper's names. */
  languages: z.array(z.string()).readonly(),
  canTranslate: z.boolean(),
  /** Times of words can be told. */
  hasWords: z.boolean(),
});

export type ModelFacts = Readonly<z.infer<typeof modelFactsSchema>>;
export type WindowResult = Readonly<z.infer<typeof windowResultSchema>>;
export type WindowSegment = WindowResult["segments"][number];
export type AlignedWord = Readonly<z.infer<typeof wordSchema>>;
