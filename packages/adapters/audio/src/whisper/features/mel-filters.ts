import { SPECTRUM_BINS } from "./power-spectrum.ts";

/** Triangles over the frequencies of the spectrum, one after the other in memory. */
export interface MelFilters {
  /** First frequency of each. */
  readonly firstBins: Int32Array;
  /** Where the weights of each begin; one more entry for their end. */
  readonly offsets: Int32Array;
  readonly weights: Float64Array;
}

const MAX_HZ = 8000;
/** Slaney's scale is linear up to here (Auditory Toolbox, 1998), as librosa has it with `htk=False`. */
const LINEAR_HZ = 1000;
const HZ_PER_MEL = 200 / 3;
const LOG_STEP = Math.log(6.4) / 27;

function toMel(hz: number): number {
  return hz < LINEAR_HZ ? hz / HZ_PER_MEL : LINEAR_HZ / HZ_PER_MEL + Math.log(hz / LINEAR_HZ) / LOG_STEP;
}

function toHz(mel: number): number {
  const linear = LINEAR_HZ / HZ_PER_MEL;
  return mel < linear ? mel * HZ_PER_MEL : LINEAR_HZ * Math.exp((mel - linear) * LOG_STEP);
}

/**
 * Triangular filters from 0 to 8,000 Hz for 16 kHz and 400 points, each of area 1 (Slaney's norm): the matrix that
 * openai/whisper keeps in `mel_filters.npz`.
 */
export function createMelFilters(mels: number): MelFilters {
  const corners = Array.from({ length: mels + 2 }, (_, index) => toHz((toMel(MAX_HZ) * index) / (mels + 1)));
  const firstBins = new Int32Array(mels);
  const offsets = new Int32Array(mels + 1);
  const weights: number[] = [];
  for (let mel = 0; mel < mels; mel++) {
    const triangle = triangleOf(corners.slice(mel, mel + 3));
    const first = triangle.findIndex((weight) => weight > 0);
    firstBins[mel] = first;
    weights.push(...triangle.slice(first, triangle.findLastIndex((weight) => weight > 0) + 1));
    offsets[mel + 1] = weights.length;
  }
  return { firstBins, offsets, weights: Float64Array.from(weights) };
}

function triangleOf([low = 0, centre = 0, high = 0]: readonly number[]): readonly number[] {
  return Array.from({ length: SPECTRUM_BINS }, (_, bin) => {
    const hz = (bin * MAX_HZ) / (SPECTRUM_BINS - 1);
    const height = Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    return (height * 2) / (high - low);
  });
}
