import { z } from "zod";

/** One stretch of up to 30 s. */
const windowSchema = z.strictObject({
  /** Frames of it that belong to the recording; what the input holds beyond them counts for the language only. */
  contentFrames: z.int().min(1).max(3000),
  /** Largest log-mel value of the recording. */
  maximum: z.number(),
  /** What was said before, as far as it should be known: text, then tokens. */
  promptText: z.string().default(""),
  promptTokens: z.array(z.int().nonnegative()).readonly().default([]),
});

/**
 * What a Whisper program is asked: JSON in its input `request`. Names and defaults are those of openai/whisper. Without
 * windows it says what it is (`modelFactsSchema`).
 */
export const windowRequestSchema = z.strictObject({
  windows: z.array(windowSchema).readonly(),
  /** Whisper's name of the language ("en"); absent: told from the first window. */
  language: z.string().optional(),
  task: z.enum(["transcribe", "translate"]).default("transcribe"),
  timestamps: z.boolean().default(true),
  words: z.boolean().default(false),
  /** Tried in this order until the answer is good enough. */
  temperatures: z.array(z.number().min(0).max(2)).min(1).readonly().default([0]),
  /** Sequences that are followed at temperature 0; absent: only the likeliest token. */
  beamSize: z.int().min(1).max(16).optional(),
  patience: z.number().min(0.1).max(8).default(1),
  lengthPenalty: z.number().min(0).max(1).optional(),
  /** Sequences that are drawn above temperature 0, of which the best counts. */
  bestOf: z.int().min(1).max(16).default(1),
  maxTokens: z.int().min(1).max(448).default(224),
  maxInitialTimestampSeconds: z.number().nonnegative().default(1),
  /** Above: the text repeats itself. null: not looked at, as the two below. */
  compressionRatioThreshold: z.number().nullable().default(2.4),
  /** Below: too unsure. */
  logprobThreshold: z.number().nullable().default(-1),
  /** Above, and unsure of the text: nobody speaks. */
  noSpeechThreshold: z.number().nullable().default(0.6),
  seed: z.int().default(0),
});

/** With all fields. */
export type WindowRequest = Readonly<z.output<typeof windowRequestSchema>>;
export type WindowRequestInput = Readonly<z.input<typeof windowRequestSchema>>;
