import type { ModelSpec } from "@stargate/kernel";
import { z } from "zod";
import { modelFile, modelFileSchema } from "../own-models/model-file.ts";
import { whisperModels } from "./whisper-models.ts";
import { halfSpecs, type WhisperDeclaration, wholeSpec } from "./whisper-specs.ts";

/** A Whisper model of the operator's own, in ONNX. */
const modelSchema = z.strictObject({
  encoder: modelFileSchema,
  /** A merged decoder, or the one for first steps of two. */
  decoder: modelFileSchema,
  /** The one for later steps, of two. */
  decoderWithPast: modelFileSchema.optional(),
  /** A `.tiktoken` file of openai/whisper, or a `tokenizer.json`. */
  vocabulary: modelFileSchema,
  /** Heads of the decoder that follow the sound, by layer and number; without them there are no times of words. */
  alignmentHeads: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).default([]),
  /** Bands of the features that the encoder takes; only asked for where it is run apart (`split`). */
  mels: z.int().min(1).max(512).default(80),
  summary: z.string().default("Speech to text, declared in the configuration"),
  licence: z.string().min(1).default("NOASSERTION"),
});

/** Which Whisper models are tried. */
export const whisperOptionsSchema = z.strictObject({
  /** Models to try, best first. Default: small, base, tiny. */
  ladder: z.array(z.string().min(1)).default(["whisper-small", "whisper-base", "whisper-tiny"]),
  /** Encoder and decoder are two models, `<model>-encoder` and `<model>-decoder`, which policy can send to different pools. */
  split: z.boolean().default(false),
  /** Models of one's own, by id. */
  models: z.record(z.string().min(1), modelSchema).default({}),
});

export type WhisperOptions = Readonly<z.infer<typeof whisperOptionsSchema>>;

/** How much worse each rung is than the one above it: a prior. */
const QUALITY_STEP = 0.9;

/** Rungs of the ladder, best first. */
export function whisperLadder({
  ladder,
}: WhisperOptions): readonly { readonly model: string; readonly quality: number }[] {
  return ladder.map((model, index) => ({ model, quality: QUALITY_STEP ** index }));
}

/** Every Whisper there is, the operator's own last; where halves are run apart also each half. */
export function whisperSpecs(options: WhisperOptions): readonly ModelSpec[] {
  const all = [...whisperModels, ...ownWhisperModels(options)];
  return all.flatMap((whisper) => [wholeSpec(whisper), ...(options.split ? halfSpecs(whisper) : [])]);
}

function ownWhisperModels({ models }: WhisperOptions): readonly WhisperDeclaration[] {
  return Object.entries(models).map(([id, { encoder, decoder, decoderWithPast, vocabulary, ...model }]) => ({
    id,
    ...model,
    variants: [
      {
        name: "default",
        quality: 1,
        encoder: modelFile(encoder),
        decoder: {
          decoder: modelFile(decoder),
          ...(decoderWithPast === undefined ? {} : { decoderWithPast: modelFile(decoderWithPast) }),
        },
      },
    ],
    vocabulary: modelFile(vocabulary),
  }));
}
