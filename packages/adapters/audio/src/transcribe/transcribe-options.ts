import { z } from "zod";

/** What `audio.transcribe` can be asked for. Names of decoding parameters and defaults are those of openai/whisper. */
export const transcribeOptionsSchema = z.strictObject({
  /** BCP 47 ("en", "de-CH"). Default: the recogniser finds out. */
  language: z.string().min(2).optional(),
  /** "translate": the text is English, whatever is spoken. */
  task: z.enum(["transcribe", "translate"]).default("transcribe"),
  /** Times of words. */
  words: z.boolean().default(false),
  /** Names, spelling and style that the beginning should follow. */
  prompt: z.string().max(4000).default(""),
  /** Whether each window knows the text before it. Off: fewer loops, less consistent spelling. */
  conditionOnPreviousText: z.boolean().default(true),
  /** One temperature, or those to try until the text is good enough. Default: 0, 0.2 ... 1. */
  temperature: z
    .union([z.number().min(0).max(1), z.array(z.number().min(0).max(1)).min(1).max(8)])
    .default([0, 0.2, 0.4, 0.6, 0.8, 1]),
  /** Sequences followed at temperature 0. Default: the likeliest word alone. */
  beamSize: z.int().min(1).max(16).optional(),
  patience: z.number().min(0.1).max(8).default(1),
  lengthPenalty: z.number().min(0).max(1).optional(),
  /** Sequences drawn above temperature 0. */
  bestOf: z.int().min(1).max(16).default(1),
  compressionRatioThreshold: z.number().nullable().default(2.4),
  logprobThreshold: z.number().nullable().default(-1),
  noSpeechThreshold: z.number().min(0).max(1).nullable().default(0.6),
  /** Longest text of a window of 30 s. */
  maxTokens: z.int().min(1).max(448).default(224),
  /** Words made up in silences longer than this are left out; needs `words`. */
  hallucinationSilenceSeconds: z.number().positive().optional(),
  /** Look for speech first, and leave out what is none. */
  vad: z.boolean().default(true),
  /** "batched": cut at pauses, several windows at once. Faster, a little worse at the seams; needs `vad`. */
  mode: z.enum(["sequential", "batched"]).default("sequential"),
  /** Windows decoded side by side in batched mode. */
  batchSize: z.int().min(1).max(32).default(4),
  /** Heard before a window is decoded, so that quiet beginnings of loud recordings are scaled right. 0: live sound. */
  lookAheadSeconds: z.number().min(0).max(600).default(60),
  /** With `lookAheadSeconds: 0`: seconds of sound between two partial texts ("segment-delta"); 0: none. */
  partialSeconds: z.number().min(0).max(30).default(2),
  /** For what is drawn by chance. */
  seed: z.int().default(0),
});

export type TranscribeOptions = Readonly<z.infer<typeof transcribeOptionsSchema>>;
