import { z } from "zod";
import { firstDisorder } from "./check-times.ts";

const seconds = z.number().nonnegative();
const probability = z.number().min(0).max(1);

const wordSchema = z.strictObject({
  /** As it stands in the text, punctuation included, without the space before it. */
  text: z.string(),
  startSeconds: seconds,
  /** Later than the start. */
  endSeconds: seconds,
  /** How sure the recogniser is. */
  probability: probability.optional(),
});

const segmentSchema = z.strictObject({
  /** Seconds from the beginning of the recording. */
  startSeconds: seconds,
  endSeconds: seconds,
  text: z.string(),
  words: z.array(wordSchema).readonly().optional(),
  /** Who speaks, when that was found out. */
  speaker: z.string().optional(),
  /** What Whisper and its kin say about a segment: see openai/whisper, `transcribe.py`. */
  tokens: z.array(z.int().nonnegative()).readonly().optional(),
  /** Where the window began that it was decoded from. */
  windowStartSeconds: seconds.optional(),
  temperature: seconds.optional(),
  avgLogprob: z.number().optional(),
  compressionRatio: seconds.optional(),
  noSpeechProb: probability.optional(),
});

const recogniserSchema = z.strictObject({
  /** "whisper", "pocketsphinx". */
  name: z.string().min(1),
  /** 0-1, relative to the best recogniser of the ladder. */
  quality: probability,
  model: z.string().optional(),
});

/** What is said in a recording. */
export const transcriptSchema = z
  .strictObject({
    /** All of it. */
    text: z.string(),
    /** BCP 47: "en"; "und" when nobody knows. Of the speech; the text of a translation is English. */
    language: z.string().min(2),
    languageProbability: probability.optional(),
    /** "translate": the text is English, whatever was spoken. */
    task: z.enum(["transcribe", "translate"]),
    /** Length of the recording. */
    durationSeconds: seconds,
    segments: z.array(segmentSchema).readonly(),
    recogniser: recogniserSchema,
  })
  .check(({ value, issues }) => {
    const disorder = firstDisorder(value);
    if (disorder !== undefined) issues.push({ code: "custom", input: value, ...disorder });
  });

export type TranscriptWord = Readonly<z.infer<typeof wordSchema>>;
export type TranscriptSegment = Readonly<z.infer<typeof segmentSchema>>;
export type Transcript = Readonly<z.infer<typeof transcriptSchema>>;
