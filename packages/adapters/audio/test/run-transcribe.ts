import { createPortableHost, type Pcm, type Transcript } from "@stargate/kernel";
import { createTestContext, type TestContextOptions } from "@stargate/kernel/testing";
import { expect, type TestContext } from "vitest";
import { createOnnxPlane, type ModelOnDisk } from "../../../../test/support/onnx-plane.ts";
import { sharedFile } from "../../../../test/support/shared-files.ts";
import { type TranscribeOptions, transcribeOptionsSchema } from "../src/transcribe/transcribe-options.ts";
import { createTranscribeTransform, type TranscribeSetup } from "../src/transcribe/transcribe-transform.ts";
import { sileroModel } from "../src/vad/silero-model.ts";
import { inPieces } from "./recordings.ts";

/** The reference was asked with these. */
export const plain = {
  language: "en",
  vad: false,
  temperature: 0,
  maxTokens: 48,
  compressionRatioThreshold: null,
  logprobThreshold: null,
  noSpeechThreshold: null,
} as const satisfies Partial<TranscribeOptions>;

/** The real detector. */
export function silero(context: TestContext): ModelOnDisk {
  const [file] = sileroModel.variants.flatMap(({ files }) => files);
  const name = file?.name ?? "";
  return {
    program: { files: { [name]: sharedFile(context, `models/${name}`) }, settings: sileroModel.settings ?? {} },
  };
}

interface TranscribeExtra
  extends Pick<TestContextOptions, "degrade" | "signal">, Pick<TranscribeSetup, "offline" | "split"> {
  /** Samples that come at once. */
  readonly pieceSamples?: number;
}

/** Runs `audio.transcribe` with models in ONNX Runtime on this thread; without the model "whisper", its other rungs. */
export async function transcribe(
  models: Readonly<Record<string, ModelOnDisk>>,
  samples: Float32Array<ArrayBuffer>,
  options: Partial<TranscribeOptions>,
  { offline, split, pieceSamples = 40_000, ...extra }: TranscribeExtra = {},
) {
  await using plane = createOnnxPlane(models);
  const transform = createTranscribeTransform({
    models: offline === undefined ? [{ model: "whisper", quality: 1 }] : [],
    offline,
    split,
  });
  const { context, recorded } = createTestContext(transform as never, {
    host: createPortableHost({ compute: plane }),
    options: transcribeOptionsSchema.parse(options),
    rung: transform.ladder[0],
    ...extra,
  });
  const value = (await transform.run(inPieces(samples, pieceSamples) as AsyncIterable<Pcm>, context)) as Transcript;
  return { value, recorded };
}

/** What every transcript promises of its times, with words as segments of their own. */
export function expectOrder({ segments, durationSeconds }: Transcript): void {
  const words = segments.flatMap((segment) => segment.words ?? []);
  for (const spans of [segments, words]) {
    const times = spans.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1) ?? 0).toBeLessThanOrEqual(durationSeconds);
  }
  expect(words.filter(({ startSeconds, endSeconds }) => endSeconds <= startSeconds)).toEqual([]);
}
