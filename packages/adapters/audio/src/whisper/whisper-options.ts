import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModelFile, ModelSpec } from "@stargate/kernel";
import { z } from "zod";
import { whisperSettings } from "./whisper-models.ts";

const fileSchema = z.strictObject({
  /** Where it lies: an absolute path, or an https or file URL. */
  from: z.string().min(1),
  /** What `sha256sum` prints. Without it the model has to be accepted before it is used. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "expected 64 hex digits in lower case")
    .optional(),
});

/** A Whisper model of the operator's own, in ONNX. */
const modelSchema = z.strictObject({
  encoder: fileSchema,
  /** A merged decoder, or the one for first steps of two. */
  decoder: fileSchema,
  /** The one for later steps, of two. */
  decoderWithPast: fileSchema.optional(),
  /** A `.tiktoken` file of openai/whisper, or a `tokenizer.json`. */
  vocabulary: fileSchema,
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
    const names = Object.entries(parts).map(([part, file]) => [part, nameOf(file.from)]);
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

function modelFile({ from, sha256 }: z.infer<typeof fileSchema>): ModelFile {
  return {
    name: nameOf(from),
    urls: [isUrl(from) ? from : pathToFileURL(from).href],
    sha256: sha256 ?? null,
    sizeBytes: null,
  };
}

function nameOf(from: string): string {
  return basename(isUrl(from) ? decodeURIComponent(new URL(from).pathname) : from);
}

function isUrl(from: string): boolean {
  return /^(?:https?|file):/.test(from);
}
