import { z } from "zod";

/** Formats of OpenAI's audio endpoints. */
export const transcriptionFormats = ["json", "text", "srt", "verbose_json", "vtt"] as const;

/** How a transcript is written for OpenAI's clients. Kept with jobs. */
export const transcriptionFormSchema = z.strictObject({
  format: z.enum(transcriptionFormats),
  /** Of verbose_json: times of words, and of segments. */
  words: z.boolean(),
  segments: z.boolean(),
});

export type TranscriptionForm = Readonly<z.output<typeof transcriptionFormSchema>>;
