import { z } from "zod";
import { modelFileSchema } from "../own-models/model-file.ts";

const modelSchema = modelFileSchema.extend({
  summary: z.string().default("Speaker embeddings, declared in the configuration"),
  licence: z.string().min(1).default("NOASSERTION"),
});

/** How speakers are told apart: what the operator decides. */
export const speakerOptionsSchema = z.strictObject({
  /** A speaker embedding model in ONNX: where it lies, or more about it. Without one nobody is told apart. */
  model: z
    .union([
      z
        .string()
        .min(1)
        .transform((from) => modelSchema.parse({ from })),
      modelSchema,
    ])
    .optional(),
  /**
   * What the model reads. "fbank": [batch, frames, mels], the log-mel filter bank of Kaldi less its mean, as WeSpeaker and
   * its kin take it. "samples": [batch, samples] or [batch, 1, samples], 16 kHz, -1 to 1.
   */
  input: z.enum(["fbank", "samples"]).default("fbank"),
  /** Mel bands of "fbank". */
  mels: z.int().min(8).max(128).default(80),
  /** How much sound one embedding is made of, and from one to the next. */
  windowSeconds: z.number().min(0.5).max(10).default(1.5),
  hopSeconds: z.number().min(0.1).max(10).default(0.75),
  /** Mean cosine similarity from which on two groups of embeddings are one speaker: a matter of the model. */
  threshold: z.number().min(-1).max(1).default(0.4),
});

export type SpeakerOptions = Readonly<z.infer<typeof speakerOptionsSchema>>;

/** What a caller may ask for. */
export const diariseOptionsSchema = z.strictObject({
  /** How many people speak, where that is known. Default: found out. */
  speakers: z.int().min(1).max(100).optional(),
  /** In place of the operator's. */
  threshold: z.number().min(-1).max(1).optional(),
  /** Shorter turns are given to a neighbour, or left out where there is none. */
  minTurnSeconds: z.number().min(0).max(60).default(0.5),
  /** Shorter pauses do not end a turn. */
  maxPauseSeconds: z.number().min(0).max(60).default(0.5),
  /** Who would speak less in all is taken for the most similar other speaker; not where `speakers` is given. */
  minSpeakerSeconds: z.number().min(0).max(600).default(2),
});

export type DiariseOptions = Readonly<z.infer<typeof diariseOptionsSchema>>;
