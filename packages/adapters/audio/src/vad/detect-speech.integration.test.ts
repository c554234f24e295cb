import { createPortableHost, type Pcm, type SpeechSegments, type Tensor } from "@stargate/kernel";
import { createTestContext } from "@stargate/kernel/testing";
import { describe, expect, test, type TestContext } from "vitest";
import { createOnnxPlane } from "../../../../../test/support/onnx-plane.ts";
import { sharedFile } from "../../../../../test/support/shared-files.ts";
import { inPieces, noise, readJfk } from "../../test/recordings.ts";
import { createStreamResampler } from "../decode/resample/stream-resampler.ts";
import { detectSpeech } from "./detect-speech.ts";
import { detectTransform } from "./detect-transform.ts";
import { quietOutsideSpeech } from "./quiet-outside-speech.ts";
import { sileroModel } from "./silero-model.ts";
import { speechProbabilities } from "./speech-probabilities.ts";
import { vadOptionsSchema } from "./vad-options.ts";

const FILE = "silero_vad_16k_op15.onnx";
const WINDOW_SECONDS = 0.032;

/** Segments of jfk.wav by snakers4/silero-vad itself, with its defaults. */
const REFERENCE = [
  [0.322, 2.27],
  [3.266, 4.446],
  [5.378, 7.678],
  [8.162, 10.622],
];

function open(context: TestContext) {
  const file = sharedFile(context, `models/${FILE}`);
  const program = { files: { [FILE]: file }, settings: sileroModel.settings! };
  const plane = createOnnxPlane({ [sileroModel.id]: { program }, "silero-vad": { file } });
  const made = createTestContext(detectTransform, { host: createPortableHost({ compute: plane }) });
  return { ...made, [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose]() };
}
const jfk = (context: TestContext) => Float32Array.from(readJfk(context), (value) => value / 32_768);
const detect = async (audio: AsyncIterable<Pcm>, context: ReturnType<typeof open>["context"]) =>
  (await detectTransform.run(audio, context as never)) as SpeechSegments;

describe("audio.detect-speech", () => {
  test.for([512, 16_000, 100_001])("finds the reference's segments in pieces of %d samples", async (size, test) => {
    await using opened = open(test);
    const { durationSeconds, segments } = await detect(inPieces(jfk(test), size), opened.context);
    expect([durationSeconds, segments.length]).toEqual([11, REFERENCE.length]);
    for (const [index, { startSeconds, endSeconds, probability }] of segments.entries()) {
      const [start = 0, end = 0] = REFERENCE[index] ?? [];
      expect(Math.abs(startSeconds - start)).toBeLessThanOrEqual(WINDOW_SECONDS);
      expect(Math.abs(endSeconds - end)).toBeLessThanOrEqual(WINDOW_SECONDS);
      expect(probability).toBeGreaterThan(0.8);
    }
    expect(opened.recorded.coverage).toEqual([{ done: 11, of: 11 }]);
    expect(opened.recorded.emitted.map(({ data }) => data)).toEqual(segments);
  });

  test("gives the reference's probabilities", async (test) => {
    await using opened = open(test);
    const { compute, signal } = opened.context;
    const all: number[] = [];
    for await (const { probabilities } of speechProbabilities(inPieces(jfk(test), 7000), {
      compute,
      signal,
      model: sileroModel.id,
    }))
      all.push(...probabilities);
    expect(all.length).toBe(344);
    for (const [window, wanted] of [
      [10, 0.3433],
      [20, 0.9822],
      [100, 0.0115],
    ] as const)
      expect(Math.abs((all[window] ?? 0) - wanted)).toBeLessThan(1e-4);
  });

  test("gives segments of live sound when they are over, and the same ones", async (test) => {
    await using opened = open(test);
    const { compute, signal } = opened.context;
    const given: { readonly at: number; readonly start: number; readonly end: number }[] = [];
    let at = 0;
    const live = async function* (): AsyncGenerator<Pcm> {
      for await (const piece of inPieces(jfk(test), 1600)) {
        yield piece;
        at = piece.startSeconds + 0.1;
      }
    };
    const options = vadOptionsSchema.parse({});
    for await (const { startSeconds, endSeconds } of detectSpeech(live(), { options, compute, signal, isLive: true }))
      given.push({ at, start: startSeconds, end: endSeconds });
    expect(given.map(({ start, end }) => [start, end])).toEqual(REFERENCE);
    for (const one of given) expect(one.at - one.end).toBeLessThanOrEqual(0.4);
  });

  test("hears stereo at 48 kHz as well", async (test) => {
    await using opened = open(test);
    const up = createStreamResampler(16_000, 48_000);
    const mono = Float32Array.from([...up.push(jfk(test)), ...up.end()]);
    const samples = Float32Array.from({ length: mono.length * 2 }, (_, index) => mono[index >> 1] ?? 0);
    const pieces = async function* (): AsyncGenerator<Pcm> {
      for (let first = 0; first < samples.length; first += 96_000)
        yield {
          samples: samples.slice(first, first + 96_000),
          sampleRateHz: 48_000,
          channels: 2,
          startSeconds: first / 96_000,
        };
    };
    const { segments, durationSeconds } = await detect(pieces(), opened.context);
    expect(Math.round(durationSeconds)).toBe(11);
    // Two filters cut the highest frequencies off, so that a pause may be heard where there was none.
    const speech = segments.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
    expect(Math.abs(speech - REFERENCE.reduce((sum, [start = 0, end = 0]) => sum + end - start, 0))).toBeLessThan(0.3);
  });

  test.for([
    ["silence", () => new Float32Array(160_000)],
    ["noise", () => Float32Array.from(noise(160_000, 7, 3), (value) => value / 32_768)],
    [
      "a melody",
      () =>
        Float32Array.from(
          { length: 160_000 },
          (_, at) => 0.3 * Math.sin((at / 16_000) * 6.2832 * (220 + 110 * (Math.floor(at / 8000) % 4))),
        ),
    ],
    ["nothing", () => new Float32Array(0)],
  ] as const)("finds no speech in %s", async ([, make], test) => {
    await using opened = open(test);
    const samples = make();
    const { segments, durationSeconds } = await detect(inPieces(samples, 16_000), opened.context);
    expect([segments, durationSeconds]).toEqual([[], samples.length / 16_000]);
  });

  test("a window without the samples before it is never speech: what the context is for", async (test) => {
    await using opened = open(test);
    const samples = jfk(test);
    let state: Tensor = { dtype: "float32", shape: [2, 1, 128], data: new Float32Array(256) };
    let highest = 0;
    for (let at = 0; at + 512 <= samples.length; at += 512) {
      const outputs = await opened.context.compute.run("silero-vad", {
        input: { dtype: "float32", shape: [1, 512], data: samples.slice(at, at + 512) },
        state,
        sr: { dtype: "int64", shape: [], data: BigInt64Array.of(16_000n) },
      });
      state = outputs["stateN"]!;
      highest = Math.max(highest, Number(outputs["output"]!.data[0]));
    }
    expect(highest).toBeLessThan(0.1);
  });
});

test("what is no speech becomes silence, and nothing moves", async (test) => {
  await using opened = open(test);
  const speech = jfk(test);
  const hiss = Float32Array.from(noise(speech.length, 3, 6), (value) => value / 32_768);
  const samples = Float32Array.from([...hiss, ...speech, ...hiss]);
  const quiet: number[] = [];
  for await (const { samples: piece } of quietOutsideSpeech(inPieces(samples, 10_000), opened.context))
    for (const value of piece) quiet.push(value);
  expect(quiet.length).toBe(samples.length);
  const loudest = (from: number, to: number) =>
    quiet.slice(from, to).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A second behind the speech: that the hiss sets in is taken for speech for a moment.
  expect([loudest(0, speech.length), loudest(2 * speech.length + 16_000, quiet.length)]).toEqual([0, 0]);
  for (const [start = 0, end = 0] of REFERENCE) {
    const [from, to] = [speech.length + start * 16_000, speech.length + end * 16_000];
    expect(Float32Array.from(quiet.slice(from, to))).toEqual(samples.slice(from, to));
  }
});
