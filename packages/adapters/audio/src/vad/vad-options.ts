import { z } from "zod";

/** When a sound counts as speech: the parameters and defaults of snakers4/silero-vad, `get_speech_timestamps`. */
export const vadOptionsSchema = z.strictObject({
  /** Probability from which on a window of 32 ms is speech. It ends 0.15 below. */
  threshold: z.number().min(0.01).max(0.99).default(0.5),
  /** Speech that is not longer is dropped. */
  minSpeechMs: z.number().nonnegative().default(250),
  /** Silence this long ends a segment. */
  minSilenceMs: z.number().nonnegative().default(100),
  /** What is added before and behind each segment; neighbours share a shorter gap. */
  padMs: z.number().nonnegative().default(30),
  /** Longer segments are cut at their longest silence of 98 ms and more. Default: never. */
  maxSpeechSeconds: z.number().min(1).optional(),
});

export type VadOptions = Readonly<z.infer<typeof vadOptionsSchema>>;
