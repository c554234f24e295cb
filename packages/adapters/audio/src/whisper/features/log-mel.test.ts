import { describe, expect, test } from "vitest";
import { inPieces, readJfk } from "../../../test/recordings.ts";
import { readExpected, readRecording } from "../../../test/whisper-parity.ts";
import { inputFeatures, WINDOW_FRAMES } from "./input-features.ts";
import { computeLogMel, REACH_SAMPLES } from "./log-mel.ts";
import { createMelFilters } from "./mel-filters.ts";
import { createMelStream } from "./mel-stream.ts";
import { createPowerSpectrum, FFT_SIZE, SPECTRUM_BINS } from "./power-spectrum.ts";

/** The references differ among themselves by 1e-7; another transform in float64 by less than this. */
const TOLERANCE = 1e-4;

const floats = (samples: Int16Array) => Float32Array.from(samples, (value) => value / 32_768);

/** Reflected at both ends and scaled over its own maximum: how the table of reference values was made. */
function reflectedFeatures(samples: Float32Array, mels: number) {
  const padded = new Float32Array(samples.length + 2 * REACH_SAMPLES);
  padded.set(samples.slice(1, REACH_SAMPLES + 1).toReversed());
  padded.set(samples, REACH_SAMPLES);
  padded.set(samples.slice(-REACH_SAMPLES - 1, -1).toReversed(), REACH_SAMPLES + samples.length);
  const frames = Math.floor(samples.length / 160);
  const made = computeLogMel(padded, mels);
  const features = inputFeatures({ ...made, values: made.values.slice(0, frames * mels) }, frames);
  const at = (mel: number, frame: number) => features[mel * WINDOW_FRAMES + frame]!;
  const all = Array.from({ length: mels }, (_, mel) => Array.from({ length: frames }, (__, frame) => at(mel, frame)));
  const flat = all.flat();
  const sorted = flat.toSorted((a, b) => a - b);
  return {
    at,
    extremes: [sorted[0]!, sorted.at(-1)!],
    mean: flat.reduce((sum, value) => sum + value, 0) / flat.length,
  };
}

describe("the power spectrum", () => {
  test("is that of the discrete Fourier transform", () => {
    const values = Float64Array.from({ length: FFT_SIZE }, (_, n) => Math.sin(0.3 * n * n) + (n % 7) / 7);
    const power = new Float64Array(SPECTRUM_BINS);
    createPowerSpectrum()(values.slice(), power);
    for (let k = 0; k < SPECTRUM_BINS; k++) {
      const parts = Array.from(values, (value, n) => [
        value * Math.cos((2 * Math.PI * k * n) / FFT_SIZE),
        value * Math.sin((2 * Math.PI * k * n) / FFT_SIZE),
      ]);
      const [re, im] = [0, 1].map((part) => parts.reduce((sum, pair) => sum + pair[part]!, 0));
      expect(power[k]).toBeCloseTo(re! ** 2 + im! ** 2, 8);
    }
  });
});

test.for([
  [80, 0.025_880_68, 1.999_02],
  [128, 0.041_681_75, 3.190_99],
])("%i mel filters are those of openai/whisper", ([mels = 0, largest = 0, sum = 0]) => {
  const { weights, offsets } = createMelFilters(mels);
  expect(offsets).toHaveLength(mels + 1);
  expect(Math.max(...weights)).toBeCloseTo(largest, 6);
  expect(weights.reduce((total, weight) => total + weight, 0)).toBeCloseTo(sum, 4);
});

describe("log-mel features of jfk.wav", () => {
  test.for([
    [80, -0.538_742, 1.461_258, 0.125_139, -0.538_742, 0.428_438, -0.044_362],
    [128, -0.506_308, 1.493_692, 0.106_977, -0.506_308, 0.888_772, -0.046_033],
  ])("in %i bands are those of the reference", ([mels = 0, ...reference], context) => {
    const { at, extremes, mean } = reflectedFeatures(floats(readJfk(context)), mels);
    const own = [...extremes, mean, at(0, 0), at(10, 100), at(40, 500)];
    expect(own.map((value, index) => Math.abs(value - reference[index]!)).filter((gap) => gap > TOLERANCE)).toEqual([]);
  });
});

describe("frames of a recording that comes in pieces", () => {
  const compute = async (samples: Float32Array) => computeLogMel(samples, 80);

  test.for(["jfk", "jfk_reversed", "noise8"])(
    "%s: are those that transcribe() of openai/whisper makes",
    async (name, context) => {
      const samples = readRecording(context, name);
      const stream = createMelStream(inPieces(samples, 7777), 80, compute);
      await stream.fill(WINDOW_FRAMES);
      const { openai_30s, openai_transcribe_first_window } = readExpected(context).features[name]!;
      const window = { values: stream.slice(0, WINDOW_FRAMES), mels: 80, maximum: stream.maximum };
      expect(stream.contentFrames).toBe(openai_transcribe_first_window.content_frames);
      const gaps = (features: Float32Array, values: typeof openai_30s.values) =>
        values.map(([[mel, frame], value]) => Math.abs(features[mel * WINDOW_FRAMES + frame]! - value));
      const cut = inputFeatures(window, stream.contentFrames);
      expect(Math.max(...gaps(cut, openai_transcribe_first_window.values))).toBeLessThan(TOLERANCE);
      expect(Math.max(...gaps(inputFeatures(window), openai_30s.values))).toBeLessThan(TOLERANCE);
    },
  );

  test.for([1, 159, 160, 1000, 16_000, 40_000])("of %i samples are the same as in one", async (size) => {
    const samples = Float32Array.from({ length: 33_333 }, (_, n) => Math.sin(n * n * 1e-5) / 2);
    const whole = createMelStream(inPieces(samples, samples.length), 80, compute);
    await whole.fill(Infinity);
    const pieces = createMelStream(inPieces(samples, size), 80, compute);
    for (const frames of [1, 2, 50, 51, 1000]) await pieces.fill(frames);
    expect(pieces.slice(0, 300)).toEqual(whole.slice(0, 300));
    expect([pieces.contentFrames, pieces.heardSeconds, pieces.maximum]).toEqual([208, 33_333 / 16_000, whole.maximum]);
  });

  test("are read no further than asked for, and forgotten", async () => {
    const stream = createMelStream(inPieces(new Float32Array(160_000).fill(0.1), 1600), 80, compute);
    await stream.fill(100);
    expect(stream.contentFrames).toBe(Infinity);
    expect(stream.heardSeconds).toBeLessThan(1.2);
    const [before] = stream.slice(60, 61);
    stream.discard(60);
    expect(stream.slice(60, 61)[0]).toBe(before);
  });

  test.for([0, 1, 200, 201])("of %i samples in all are silence after that", async (length) => {
    const stream = createMelStream(inPieces(new Float32Array(length).fill(0.5), 64), 80, compute);
    await stream.fill(Infinity);
    expect(stream.contentFrames).toBe(Math.floor(length / 160));
    expect(inputFeatures({ values: stream.slice(0, 10), mels: 80, maximum: stream.maximum })).toHaveLength(240_000);
  });
});
