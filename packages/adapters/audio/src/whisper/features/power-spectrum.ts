/** Length of the transform. */
export const FFT_SIZE = 400;
/** Frequencies from 0 to half the sample rate, both included. */
export const SPECTRUM_BINS = FFT_SIZE / 2 + 1;

/** Complex values per transform: even samples as real parts, odd ones as imaginary parts. */
const POINTS = FFT_SIZE / 2;

/** exp(-2 pi i j p / n) for each p < n / radix and 0 < j < radix: cosine, sine, cosine, sine ... */
function twiddles(n: number, radix: number): Float64Array {
  const values: number[] = [];
  for (let p = 0; p < n / radix; p++)
    for (let j = 1; j < radix; j++)
      values.push(Math.cos((2 * Math.PI * j * p) / n), -Math.sin((2 * Math.PI * j * p) / n));
  return Float64Array.from(values);
}

const firstStage = twiddles(200, 5);
const secondStage = twiddles(40, 5);
const thirdStage = twiddles(8, 4);
/** exp(-2 pi i k / 400) for 0 <= k <= 100. */
const joining = Float64Array.from({ length: POINTS + 2 }, (_, at) => {
  const angle = (2 * Math.PI * Math.floor(at / 2)) / FFT_SIZE;
  return at % 2 === 0 ? Math.cos(angle) : -Math.sin(angle);
});

/**
 * Gives a function that writes the power spectrum |X|^2 of 400 real values into 201 places. It transforms 200 = 5 x 5 x 4 x 2
 * complex values with Stockham's self-sorting form of the mixed-radix transform (Van Loan 1992, "Computational Frameworks
 * for the Fast Fourier Transform", 1.7). The values are overwritten.
 */
export function createPowerSpectrum(): (values: Float64Array, power: Float64Array) => void {
  const other = new Float64Array(FFT_SIZE);
  return (values, power) => {
    passOfFive(values, other, 1, firstStage);
    passOfFive(other, values, 5, secondStage);
    passOfFour(values, other, 25, thirdStage);
    passOfTwo(other, values, 50);
    joinHalves(values, power);
  };
}

const COS_1 = Math.cos((2 * Math.PI) / 5);
const COS_2 = Math.cos((4 * Math.PI) / 5);
const SIN_1 = Math.sin((2 * Math.PI) / 5);
const SIN_2 = Math.sin((4 * Math.PI) / 5);

/** One pass of butterflies of five; `stride` transforms lie next to each other. */
function passOfFive(from: Float64Array, to: Float64Array, stride: number, w: Float64Array): void {
  const width = 2 * stride;
  const apart = FFT_SIZE / 5;
  for (let source = 0, t = 0; source < apart; source += width, t += 8) {
    const ar = w[t] ?? 0;
    const ai = w[t + 1] ?? 0;
    const br = w[t + 2] ?? 0;
    const bi = w[t + 3] ?? 0;
    const cr = w[t + 4] ?? 0;
    const ci = w[t + 5] ?? 0;
    const dr = w[t + 6] ?? 0;
    const di = w[t + 7] ?? 0;
    const target = 5 * source;
    for (let q = 0; q < width; q += 2) {
      const i = source + q;
      const x0r = from[i] ?? 0;
      const x0i = from[i + 1] ?? 0;
      const x1r = from[i + apart] ?? 0;
      const x1i = from[i + apart + 1] ?? 0;
      const x2r = from[i + 2 * apart] ?? 0;
      const x2i = from[i + 2 * apart + 1] ?? 0;
      const x3r = from[i + 3 * apart] ?? 0;
      const x3i = from[i + 3 * apart + 1] ?? 0;
      const x4r = from[i + 4 * apart] ?? 0;
      const x4i = from[i + 4 * apart + 1] ?? 0;
      const s14r = x1r + x4r;
      const s14i = x1i + x4i;
      const s23r = x2r + x3r;
      const s23i = x2i + x3i;
      const d14r = x1r - x4r;
      const d14i = x1i - x4i;
      const d23r = x2r - x3r;
      const d23i = x2i - x3i;
      const m1r = x0r + COS_1 * s14r + COS_2 * s23r;
      const m1i = x0i + COS_1 * s14i + COS_2 * s23i;
      const m2r = x0r + COS_2 * s14r + COS_1 * s23r;
      const m2i = x0i + COS_2 * s14i + COS_1 * s23i;
      const n1r = SIN_1 * d14r + SIN_2 * d23r;
      const n1i = SIN_1 * d14i + SIN_2 * d23i;
      const n2r = SIN_2 * d14r - SIN_1 * d23r;
      const n2i = SIN_2 * d14i - SIN_1 * d23i;
      const y1r = m1r + n1i;
      const y1i = m1i - n1r;
      const y4r = m1r - n1i;
      const y4i = m1i + n1r;
      const y2r = m2r + n2i;
      const y2i = m2i - n2r;
      const y3r = m2r - n2i;
      const y3i = m2i + n2r;
      const o = target + q;
      to[o] = x0r + s14r + s23r;
      to[o + 1] = x0i + s14i + s23i;
      to[o + width] = y1r * ar - y1i * ai;
      to[o + width + 1] = y1r * ai + y1i * ar;
      to[o + 2 * width] = y2r * br - y2i * bi;
      to[o + 2 * width + 1] = y2r * bi + y2i * br;
      to[o + 3 * width] = y3r * cr - y3i * ci;
      to[o + 3 * width + 1] = y3r * ci + y3i * cr;
      to[o + 4 * width] = y4r * dr - y4i * di;
      to[o + 4 * width + 1] = y4r * di + y4i * dr;
    }
  }
}

function passOfFour(from: Float64Array, to: Float64Array, stride: number, w: Float64Array): void {
  const width = 2 * stride;
  const apart = FFT_SIZE / 4;
  for (let source = 0, t = 0; source < apart; source += width, t += 6) {
    const ar = w[t] ?? 0;
    const ai = w[t + 1] ?? 0;
    const br = w[t + 2] ?? 0;
    const bi = w[t + 3] ?? 0;
    const cr = w[t + 4] ?? 0;
    const ci = w[t + 5] ?? 0;
    const target = 4 * source;
    for (let q = 0; q < width; q += 2) {
      const i = source + q;
      const x0r = from[i] ?? 0;
      const x0i = from[i + 1] ?? 0;
      const x1r = from[i + apart] ?? 0;
      const x1i = from[i + apart + 1] ?? 0;
      const x2r = from[i + 2 * apart] ?? 0;
      const x2i = from[i + 2 * apart + 1] ?? 0;
      const x3r = from[i + 3 * apart] ?? 0;
      const x3i = from[i + 3 * apart + 1] ?? 0;
      const s02r = x0r + x2r;
      const s02i = x0i + x2i;
      const d02r = x0r - x2r;
      const d02i = x0i - x2i;
      const s13r = x1r + x3r;
      const s13i = x1i + x3i;
      const d13r = x1r - x3r;
      const d13i = x1i - x3i;
      const y1r = d02r + d13i;
      const y1i = d02i - d13r;
      const y2r = s02r - s13r;
      const y2i = s02i - s13i;
      const y3r = d02r - d13i;
      const y3i = d02i + d13r;
      const o = target + q;
      to[o] = s02r + s13r;
      to[o + 1] = s02i + s13i;
      to[o + width] = y1r * ar - y1i * ai;
      to[o + width + 1] = y1r * ai + y1i * ar;
      to[o + 2 * width] = y2r * br - y2i * bi;
      to[o + 2 * width + 1] = y2r * bi + y2i * br;
      to[o + 3 * width] = y3r * cr - y3i * ci;
      to[o + 3 * width + 1] = y3r * ci + y3i * cr;
    }
  }
}

/** The last pass turns nothing. */
function passOfTwo(from: Float64Array, to: Float64Array, stride: number): void {
  const apart = 2 * stride * 2;
  for (let q = 0; q < apart; q++) {
    const a = from[q] ?? 0;
    const b = from[q + apart] ?? 0;
    to[q] = a + b;
    to[q + apart] = a - b;
  }
}

/** Spectrum of the real values from that of their even and odd halves, two frequencies at a time. */
function joinHalves(z: Float64Array, power: Float64Array): void {
  const z0r = z[0] ?? 0;
  const z0i = z[1] ?? 0;
  power[0] = square(z0r + z0i);
  power[POINTS] = square(z0r - z0i);
  for (let k = 1; k <= POINTS / 2; k++) {
    const ar = z[2 * k] ?? 0;
    const ai = z[2 * k + 1] ?? 0;
    const br = z[2 * (POINTS - k)] ?? 0;
    const bi = z[2 * (POINTS - k) + 1] ?? 0;
    const evenR = 0.5 * (ar + br);
    const evenI = 0.5 * (ai - bi);
    const oddR = 0.5 * (ai + bi);
    const oddI = 0.5 * (br - ar);
    const wr = joining[2 * k] ?? 0;
    const wi = joining[2 * k + 1] ?? 0;
    const turnedR = oddR * wr - oddI * wi;
    const turnedI = oddR * wi + oddI * wr;
    power[k] = square(evenR + turnedR) + square(evenI + turnedI);
    power[POINTS - k] = square(evenR - turnedR) + square(evenI - turnedI);
  }
}

const square = (value: number): number => value * value;
