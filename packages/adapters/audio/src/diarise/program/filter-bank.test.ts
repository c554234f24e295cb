import { expect, test } from "vitest";
import { noise } from "../../../test/recordings.ts";
import { createFilterBank, frameCount } from "./filter-bank.ts";

/** What the 25 ms every 10 ms of the reference program heard: noise and a tone. */
function sound(samples: number): Float32Array {
  const rough = noise(samples, 12_345, 2);
  return Float32Array.from(
    { length: samples },
    (_, n) => ((rough[n] ?? 0) / 32_768) * 0.2 + 0.5 * Math.sin((2 * Math.PI * 440 * n) / 16_000),
  );
}

// kaldi-native-fbank 1.23.0, samp_freq 16000, dither 0, hamming, 80 bins, no energy, then less numpy's mean over frames.
test.for([
  [0, 0, -1.0219],
  [0, 1, -0.4264],
  [0, 20, 0.853],
  [5, 7, -1.4074],
  [11, 40, 1.2414],
  [22, 79, -0.7655],
  [10, 3, -1.6621],
] as const)("frame %i, band %i is what Kaldi makes of it", ([frame, mel, value]) => {
  const features = createFilterBank(80)(sound(4000));
  expect(features.length).toBe(23 * 80);
  expect(features[frame * 80 + mel]).toBeCloseTo(value, 3);
});

test("a frame has 25 ms, or is none", () => {
  expect([0, 399, 400, 559, 560, 24_000].map(frameCount)).toEqual([0, 0, 1, 1, 2, 148]);
});

test("silence has values", () => {
  expect(createFilterBank(80)(new Float32Array(800)).every((value) => value === 0)).toBe(true);
});
