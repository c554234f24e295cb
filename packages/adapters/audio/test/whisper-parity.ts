import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "vitest";
import { z } from "zod";
import type { ModelOnDisk } from "../../../../test/support/onnx-plane.ts";
import { sharedFile } from "../../../../test/support/shared-files.ts";
import { makeRecording, readJfk } from "./recordings.ts";

const valuesSchema = z.object({ values: z.array(z.tuple([z.tuple([z.int(), z.int()]), z.number()])) });
const decodedSchema = z.object({
  ids: z.array(z.int()),
  avg_logprob: z.number(),
  no_speech_prob: z.number(),
  compression_ratio: z.number(),
  text: z.string(),
});
const segmentSchema = z.object({
  seek: z.int(),
  start: z.number(),
  end: z.number(),
  ids: z.array(z.int()),
  avg_logprob: z.number(),
  no_speech_prob: z.number(),
  text: z.string(),
  words: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])).optional(),
});
const transcribedSchema = z.object({ sample_len: z.int(), segments: z.array(segmentSchema) });

/** The fields of the parity model's expected.json that are compared; its README says what they are. */
const expectedSchema = z.object({
  audio: z.object({ recipe: z.record(z.string(), z.array(z.tuple([z.string()], z.number()))) }),
  tokens: z.object({
    suppress: z.array(z.int()),
    begin_suppress: z.array(z.int()),
    eot: z.int(),
    timestamp_begin: z.int(),
  }),
  features: z.record(
    z.string(),
    z.object({
      openai_30s: valuesSchema,
      openai_transcribe_first_window: valuesSchema.extend({ content_frames: z.int() }),
    }),
  ),
  detect_language: z.record(
    z.string(),
    z.object({
      openai_language: z.string(),
      top: z.array(z.tuple([z.string(), z.number(), z.number()])),
      no_speech_probability: z.number(),
    }),
  ),
  greedy: z.record(z.string(), z.object({ no_timestamps: z.object({ ids: z.array(z.int()) }) })),
  openai_decode: z.record(z.string(), z.object({ no_timestamps: decodedSchema, timestamps: decodedSchema })),
  openai_alignment: z.record(
    z.string(),
    z.object({
      ids: z.array(z.int()),
      num_frames: z.int(),
      words: z.array(
        z.object({
          word: z.string(),
          tokens: z.array(z.int()),
          start: z.number(),
          end: z.number(),
          probability: z.number(),
        }),
      ),
    }),
  ),
  openai_transcribe: z.record(
    z.string(),
    z.object({
      independent: transcribedSchema,
      condition_on_previous: transcribedSchema,
      words: transcribedSchema,
    }),
  ),
});

const FOLDER = "parity/whisper-tiny-random";

/** What the reference implementations compute with the parity model. */
export function readExpected(context: TestContext): z.infer<typeof expectedSchema> {
  return expectedSchema.parse(JSON.parse(readFileSync(sharedFile(context, `${FOLDER}/expected.json`), "utf8")));
}

/** A recording of the parity model: "jfk", "jfk_reversed", "noise8", "long75". */
export function readRecording(context: TestContext, name: string): Float32Array<ArrayBuffer> {
  return makeRecording(readJfk(context), readExpected(context).audio.recipe[name] ?? []);
}

export function parityFile(context: TestContext, name: string): string {
  return join(dirname(sharedFile(context, `${FOLDER}/expected.json`)), name);
}

/** Layouts of the parity model's decoder. */
export const layouts = {
  merged: { encoder: "encoder_model.onnx", decoder: "decoder_model_merged.onnx" },
  split: {
    encoder: "encoder_model.onnx",
    decoder: "decoder_model.onnx",
    decoderWithPast: "decoder_with_past_model.onnx",
  },
} as const;

/** The parity model as a compute plane of a test loads it: real ONNX Runtime, real vocabulary, random weights. */
export function parityModel(context: TestContext, layout: keyof typeof layouts = "merged"): ModelOnDisk {
  return programOnDisk(context, layouts[layout], "whisper");
}

/** The same as two models, by the ids that the halves of the model "whisper" have. */
export function parityHalves(
  context: TestContext,
  layout: keyof typeof layouts = "merged",
): Readonly<Record<string, ModelOnDisk>> {
  const { encoder, ...parts } = layouts[layout];
  return {
    "whisper-encoder": { file: parityFile(context, encoder) },
    "whisper-decoder": programOnDisk(context, parts, "whisperDecoder"),
  };
}

function programOnDisk(
  context: TestContext,
  parts: Readonly<Record<string, string>>,
  program: "whisper" | "whisperDecoder",
): ModelOnDisk {
  const module = { whisper: "whisper-program.ts", whisperDecoder: "whisper-decoder-program.ts" }[program];
  const vocabulary = sharedFile(context, "models/multilingual.tiktoken");
  const files = Object.values(parts).map((name) => [name, parityFile(context, name)]);
  return {
    program: {
      files: { ...Object.fromEntries(files), "multilingual.tiktoken": vocabulary },
      settings: {
        program: {
          module: new URL(`../src/whisper/program/${module}`, import.meta.url).href,
          export: `${program}Program`,
          options: {
            alignmentHeads: [
              [0, 1],
              [1, 0],
              [1, 2],
              [1, 3],
            ],
          },
        },
        parts,
      },
    },
  };
}
