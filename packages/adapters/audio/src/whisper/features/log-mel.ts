import { createMelFilters, type MelFilters } from "./mel-filters.ts";
import { createPowerSpectrum, FFT_SIZE, SPECTRUM_BINS } from "./power-spectrum.ts";

export const SAMPLE_RATE_HZ = 16_000;
/** Samples from one frame to the next: 10 ms. */
export const HOP_SAMPLES = 160;
export const FRAMES_PER_SECOND = SAMPLE_RATE_HZ / HOP_SAMPLES;
/** Samples a frame reaches to either side of its middle. */
export const REACH_SAMPLES = FFT_SIZE / 2;
/** The least energy that is told apart from none, and its log10. */
const MIN_ENERGY = 1e-10;
export const SILENCE_LOG_MEL = -10;

/** Energies of frames in mel bands, log10, not scaled yet. */
export interface LogMel {
  /** [frames, mels], row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly frames: number;
  readonly mels: number;
  /** Largest of the values; -10 when there are none. */
  readonly maximum: number;
}

/** Periodic, as torch and scipy make it for spectra. */
const hann = Float64Array.from({ length: FFT_SIZE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FFT_SIZE));

/**
 * Log-mel spectrogram as Whisper takes it (openai/whisper `audio.py`), before the clamp to 8 below the maximum and the
 * scaling, which need the maximum of the whole recording. Frame f is centred on sample 160 f of 16 kHz audio: pass its
 * samples from 200 before the first centre to 200 after the last, (frames - 1) * 160 + 400 of them.
 */
export function computeLogMel(samples: Float32Array, mels: number): LogMel {
  const frames = Math.max(0, Math.floor((samples.length - FFT_SIZE) / HOP_SAMPLES) + 1);
  const values = new Float32Array(frames * mels);
  const powerSpectrum = createPowerSpectrum();
  const windowed = new Float64Array(FFT_SIZE);
  const power = new Float64Array(SPECTRUM_BINS);
  const filters = createMelFilters(mels);
  let maximum = SILENCE_LOG_MEL;
  for (let frame = 0; frame < frames; frame++) {
    cutFrame(samples, frame * HOP_SAMPLES, windowed);
    powerSpectrum(windowed, power);
    maximum = Math.max(maximum, writeBands(power, filters, values, frame * mels));
  }
  return { values, frames, mels, maximum };
}

function cutFrame(samples: Float32Array, start: number, windowed: Float64Array): void {
  for (let n = 0; n < FFT_SIZE; n++) windowed[n] = (hann[n] ?? 0) * (samples[start + n] ?? 0);
}

/** Returns the largest value. */
function writeBands(
  power: Float64Array,
  { firstBins, offsets, weights }: MelFilters,
  values: Float32Array,
  at: number,
): number {
  let maximum = SILENCE_LOG_MEL;
  for (let mel = 0; mel < firstBins.length; mel++) {
    const end = offsets[mel + 1] ?? 0;
    let energy = 0;
    for (let w = offsets[mel] ?? 0, bin = firstBins[mel] ?? 0; w < end; w++, bin++)
      energy += (weights[w] ?? 0) * (power[bin] ?? 0);
    const value = energy > MIN_ENERGY ? Math.log10(energy) : SILENCE_LOG_MEL;
    if (value > maximum) maximum = value;
    values[at + mel] = value;
  }
  return maximum;
}
