import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import audio from "@stargate/adapter-audio";
import onnx from "@stargate/adapter-onnx";
import openInference from "@stargate/adapter-open-inference";
import { type ComputeConfigInput, computeConfigSchema, createModelStore, openComputePlane } from "@stargate/compute";
import { createPortableHost, type ModelSpec, openGate, type TranscriptSegment } from "@stargate/kernel";
import { onTestFinished, type TestContext } from "vitest";
import { sharedFile } from "./shared-files.ts";

const PARITY = "parity/whisper-tiny-random/expected.json";

interface WhisperGateOptions {
  readonly compute?: ComputeConfigInput;
  /** Encoder and decoder are two models. */
  readonly split?: boolean;
  /** The operator's own models, on a server of the Open Inference Protocol called "triton". */
  readonly served?: { readonly url: string; readonly models: readonly ModelSpec[] };
  /** Models to try, best first; the parity model is "tiny". */
  readonly ladder?: readonly string[];
}

/** A gate whose only Whisper is the parity model, which runs in processes of its own, and the plane behind it. */
export async function openWhisperGate(
  context: TestContext,
  { compute = {}, split = false, served, ladder = ["tiny"] }: WhisperGateOptions = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "stargate-whisper-"));
  const parity = dirname(sharedFile(context, PARITY));
  const vocabulary = sharedFile(context, "models/multilingual.tiktoken");
  const { clock, log } = createPortableHost();
  const plane = await openComputePlane({
    config: computeConfigSchema.parse(compute),
    store: createModelStore({
      folder: join(folder, "models"),
      folders: [dirname(vocabulary)],
      models: served?.models,
      policy: { accept: ["tiny", "tiny-encoder", "tiny-decoder"] },
      clock,
    }),
    clock,
    idleClock: clock,
    log,
    folder,
    fetch: (input, init) => fetch(input, init),
  });
  const gate = await openGate({
    adapters: [
      onnx(),
      openInference({ servers: served === undefined ? {} : { triton: served.url } }),
      audio({
        whisper: {
          split,
          ladder: [...ladder],
          models: {
            tiny: {
              encoder: { from: join(parity, "encoder_model.onnx") },
              decoder: { from: join(parity, "decoder_model_merged.onnx") },
              vocabulary: { from: vocabulary },
              alignmentHeads: [
                [0, 1],
                [1, 0],
                [1, 2],
                [1, 3],
              ],
            },
          },
        },
      }),
    ],
    host: createPortableHost({ compute: plane }),
  });
  onTestFinished(async () => {
    await gate.close();
    await plane[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  return { gate, plane };
}

/** The reference was asked with these. */
export const askedOfWhisper = {
  language: "en",
  words: true,
  temperature: 0,
  maxTokens: 48,
  conditionOnPreviousText: false,
  vad: false,
  compressionRatioThreshold: null,
  logprobThreshold: null,
  noSpeechThreshold: null,
};

export function jfkRecording(context: TestContext): Blob {
  return new Blob([readFileSync(sharedFile(context, "samples/jfk.wav"))], { type: "audio/wav" });
}

interface Expected {
  readonly openai_transcribe: Readonly<
    Record<
      string,
      { readonly words: { readonly segments: readonly { readonly text: string; readonly ids: readonly number[] }[] } }
    >
  >;
}

/** Text and tokens of the segments that openai/whisper hears in `jfk.wav` with the parity model. */
export function expectedOfJfk(context: TestContext): readonly Pick<TranscriptSegment, "text" | "tokens">[] {
  const expected = JSON.parse(readFileSync(sharedFile(context, PARITY), "utf8")) as Expected; // the folder's own form, see its README
  const { segments } = expected.openai_transcribe["jfk"]?.words ?? { segments: [] };
  return segments.filter(({ text }) => text.trim() !== "").map(({ text, ids }) => ({ text, tokens: [...ids] }));
}
