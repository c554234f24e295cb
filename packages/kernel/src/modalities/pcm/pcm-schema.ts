import { z } from "zod";

const fields = {
  sampleRateHz: z.int().min(1),
  channels: z.int().min(1),
  /** Where the first sample lies, in seconds from the beginning of the recording. */
  startSeconds: z.number().nonnegative(),
};

/** Sound as numbers: one piece of a stream, or a whole recording. */
export const pcmSchema = z.strictObject({
  /** Amplitudes, full scale is -1 to 1; channels interleaved; length = samples per channel * channels. */
  samples: z.instanceof(Float32Array) as z.ZodType<Float32Array<ArrayBuffer>>,
  ...fields,
});

/** The same as JSON carries it: float32 little-endian, base64. */
export const pcmJsonSchema = z.strictObject({ ...fields, samples: z.base64() });

export type Pcm = Readonly<z.infer<typeof pcmSchema>>;
