import type { ModelSpec } from "@stargate/kernel";
import { z } from "zod";
import { fileName, modelFile, modelFileSchema } from "../own-models/model-file.ts";
import { whisperSettings } from "./whisper-models.ts";

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
  summary: z.string().default("Speech to text, declared in the configuration"),
  licence: z.string().min(1).default("NOASSERTION"),
});

/** Which Whisper models are tried. */
export const whisperOptionsSchema = z.strictObject({
  /** Models to try, best first. Default: small, base, tiny. */
  ladder: z.array(z.string().min(1)).default(["whisper-small", "whisper-base", "whisper-tiny"]),
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

/** Declarations of the operator's own models. */
export function ownWhisperModels({ models }: WhisperOptions): readonly ModelSpec[] {
  return Object.entries(models).map(([id, { encoder, decoder, decoderWithPast, vocabulary, ...model }]) => {
    const parts = { encoder, decoder, ...(decoderWithPast === undefined ? {} : { decoderWithPast }) };
    const names = Object.entries(parts).map(([part, file]) => [part, fileName(file.from)]);
    return {
      id,
      version: "1.0.0",
      summary: model.summary,
      licence: model.licence,
      format: "onnx-program",
      variants: [{ name: "default", quality: 1, files: [...Object.values(parts), vocabulary].map(modelFile) }],
      settings: whisperSettings(Object.fromEntries(names), model.alignmentHeads),
      batching: "none",
    };
  });
}
