import { z } from "zod";

/** Options of `audio.decode`. */
export const decodeOptionsSchema = z.strictObject({
  /** Sample rate of what is given; 16,000 is what speech models read. */
  sampleRateHz: z.int().min(4000).max(192_000).default(16_000),
});

export type DecodeOptions = Readonly<z.infer<typeof decodeOptionsSchema>>;
