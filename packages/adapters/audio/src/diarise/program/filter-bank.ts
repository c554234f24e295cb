import { createFourier } from "./fourier.ts";

const SAMPLE_RATE_HZ = 16_000;
/** 25 ms every 10 ms. */
const FRAME_SAMPLES = 400;
const HOP_SAMPLES = 160;
/** The next power of two, as Kaldi pads. */
const FFT_SIZE = 512;
const BINS = FFT_SIZE / 2;
const LOWEST_HZ = 20;
const PREEMPHASIS = 0.97;
/** Kaldi counts samples of 16 bits. */
const FULL_SCALE = 32_768;
/** Epsilon of float32, below which no energy counts. */
const LEAST_ENERGY = 2 ** -23;
const none = new Float64Array(0);

/** How many frames so many samples have. */
export function frameCount(samples: number): number {
  return samples < FRAME_SAMPLES ? 0 : 1 + Math.floor((samples - FRAME_SAMPLES) / HOP_SAMPLES);
}

/**
 * Log-mel filter bank of Kaldi (`compute-fbank-feats` without dither: hamming window, no energy, `snip_edges`), less the
 * mean of each band over the window: what WeSpeaker's and similar models read. [frames, mels], row-major.
 */
export function createFilterBank(mels: number): (samples: Float32Array) => Float32Array<ArrayBuffer> {
  const window = Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, n) => 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (FRAME_SAMPLES - 1)),
  );
  const bands = melBands(mels);
  const fourier = createFourier(FFT_SIZE);
  const real = new Float64Array(FFT_SIZE);
  const imaginary = new Float64Array(FFT_SIZE);
  const power = new Float64Array(BINS);
  return (samples) => {
    const frames = frameCount(samples.length);
    const values = new Float32Array(frames * mels);
    for (let frame = 0; frame < frames; frame++) {
      cutFrame(samples.subarray(frame * HOP_SAMPLES, frame * HOP_SAMPLES + FRAME_SAMPLES), window, real);
      imaginary.fill(0);
      fourier(real, imaginary);
      for (let bin = 0; bin < BINS; bin++) power[bin] = (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
      for (let mel = 0; mel < mels; mel++) {
        const { first = 0, weights = none } = bands[mel] ?? {};
        let energy = 0;
        for (let index = 0; index < weights.length; index++)
          energy += (weights[index] ?? 0) * (power[first + index] ?? 0);
        values[frame * mels + mel] = Math.log(Math.max(energy, LEAST_ENERGY));
      }
    }
    subtractMeans(values, frames, mels);
    return values;
  };
}

/** One frame without its mean, pre-emphasised, windowed and padded. */
function cutFrame(samples: Float32Array, window: Float64Array, frame: Float64Array): void {
  let mean = 0;
  for (let n = 0; n < FRAME_SAMPLES; n++) mean += samples[n] ?? 0;
  mean /= FRAME_SAMPLES;
  frame.fill(0);
  let before = (samples[0] ?? 0) - mean;
  for (let n = 0; n < FRAME_SAMPLES; n++) {
    const value = (samples[n] ?? 0) - mean;
    frame[n] = (value - PREEMPHASIS * before) * FULL_SCALE * (window[n] ?? 0);
    before = value;
  }
}

/** Triangles that are even in mels, up to half the sample rate. */
function melBands(mels: number): readonly { readonly first: number; readonly weights: Float64Array }[] {
  const lowest = melOf(LOWEST_HZ);
  const width = (melOf(SAMPLE_RATE_HZ / 2) - lowest) / (mels + 1);
  return Array.from({ length: mels }, (_, band) => {
    const left = lowest + band * width;
    const weights = Float64Array.from({ length: BINS }, (_bin, bin) => {
      const distance = Math.abs(melOf((bin * SAMPLE_RATE_HZ) / FFT_SIZE) - left - width);
      return Math.max(0, 1 - distance / width);
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    return { first, weights: weights.slice(first, weights.findLastIndex((weight) => weight > 0) + 1) };
  });
}

function melOf(frequencyHz: number): number {
  return 1127 * Math.log(1 + frequencyHz / 700);
}

function subtractMeans(values: Float32Array, frames: number, mels: number): void {
  for (let mel = 0; mel < mels; mel++) {
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) sum += values[frame * mels + mel] ?? 0;
    for (let frame = 0; frame < frames; frame++)
      values[frame * mels + mel] = (values[frame * mels + mel] ?? 0) - sum / frames;
  }
}
