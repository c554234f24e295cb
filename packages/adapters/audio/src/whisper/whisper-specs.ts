import { defineModelProgram, type JsonObject, type ModelFile, type ModelSpec } from "@stargate/kernel";
import type { AlignmentHead } from "./alignment/attention-matrix.ts";

/** Files of a Whisper at one precision. */
export interface WhisperVariant {
  readonly name: string;
  readonly quality: number;
  readonly encoder: ModelFile;
  /** By part: `decoder` (a merged one), or `decoder` and `decoderWithPast`. */
  readonly decoder: Readonly<Record<string, ModelFile>>;
}

/** A Whisper in ONNX, whose halves may be run as one model or as two. */
export interface WhisperDeclaration {
  readonly id: string;
  readonly summary: string;
  /** SPDX expression. */
  readonly licence: string;
  /** Best first. */
  readonly variants: readonly WhisperVariant[];
  readonly vocabulary: ModelFile;
  /** Heads of the decoder that follow the sound; none: it cannot tell the times of words. */
  readonly alignmentHeads: readonly AlignmentHead[];
  /** Bands of the features that the encoder takes. */
  readonly mels: number;
}

/** Ids of the two models that a Whisper is made of. */
export function halvesOf(model: string): { readonly encoder: string; readonly decoder: string } {
  return { encoder: `${model}-encoder`, decoder: `${model}-decoder` };
}

/** Both halves as one model: a program that runs where they are. */
export function wholeSpec(whisper: WhisperDeclaration): ModelSpec {
  return {
    ...common(whisper),
    format: "onnx-program",
    variants: whisper.variants.map(({ name, quality, encoder, decoder }) =>
      programVariant({ name, quality }, { encoder, ...decoder }, whisper.vocabulary),
    ),
    settings: {
      program: defineModelProgram({
        base: import.meta.url,
        module: "./program/whisper-program",
        export: "whisperProgram",
        options: { alignmentHeads: headsOf(whisper) },
      }),
    },
    batching: "none",
  };
}

/**
 * The halves as two models of the same files, so that policy can send them to different pools: the encoder is a plain one
 * (`input_features` in, `last_hidden_state` out), which any backend may run, the decoder a program.
 */
export function halfSpecs(whisper: WhisperDeclaration): readonly [encoder: ModelSpec, decoder: ModelSpec] {
  const { encoder, decoder } = halvesOf(whisper.id);
  const { summary } = whisper;
  const encoderSpec: ModelSpec = {
    ...common(whisper),
    id: encoder,
    summary: `${summary}: the encoder`,
    format: "onnx",
    variants: whisper.variants.map(({ name, quality, encoder: file }) => ({ name, quality, files: [file] })),
  };
  const decoderSpec: ModelSpec = {
    ...common(whisper),
    id: decoder,
    summary: `${summary}: the decoder`,
    format: "onnx-program",
    variants: whisper.variants.map(({ name, quality, decoder: parts }) =>
      programVariant({ name, quality }, parts, whisper.vocabulary),
    ),
    settings: {
      program: defineModelProgram({
        base: import.meta.url,
        module: "./program/whisper-decoder-program",
        export: "whisperDecoderProgram",
        options: { alignmentHeads: headsOf(whisper), mels: whisper.mels },
      }),
    },
    batching: "none",
  };
  return [encoderSpec, decoderSpec];
}

function common({ id, summary, licence }: WhisperDeclaration) {
  return { id, version: "1.0.0", summary, licence };
}

function programVariant(
  head: Pick<WhisperVariant, "name" | "quality">,
  parts: Readonly<Record<string, ModelFile>>,
  vocabulary: ModelFile,
): ModelSpec["variants"][number] {
  const names = Object.entries(parts).map(([part, { name }]) => [part, name]);
  return { ...head, files: [...Object.values(parts), vocabulary], settings: { parts: Object.fromEntries(names) } };
}

function headsOf({ alignmentHeads }: WhisperDeclaration): JsonObject[string] {
  return alignmentHeads.map((head) => [...head]);
}
