/**
 * Discrete Fourier transform in place, of a power of two of values (Cooley and Tukey 1965, iterative). The tables are made
 * once for a size.
 */
export function createFourier(size: number): (real: Float64Array, imaginary: Float64Array) => void {
  const bits = Math.log2(size);
  const places = Uint32Array.from({ length: size }, (_, index) => reversed(index, bits));
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  return (real, imaginary) => {
    for (let index = 0; index < size; index++) {
      const place = places[index] ?? 0;
      if (place > index) {
        swap(real, index, place);
        swap(imaginary, index, place);
      }
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const even = start + k;
          const odd = even + half;
          const c = cosines[k * stride] ?? 0;
          const s = sines[k * stride] ?? 0;
          const oddReal = real[odd] ?? 0;
          const oddImaginary = imaginary[odd] ?? 0;
          const turnedReal = oddReal * c - oddImaginary * s;
          const turnedImaginary = oddReal * s + oddImaginary * c;
          real[odd] = (real[even] ?? 0) - turnedReal;
          imaginary[odd] = (imaginary[even] ?? 0) - turnedImaginary;
          real[even] = (real[even] ?? 0) + turnedReal;
          imaginary[even] = (imaginary[even] ?? 0) + turnedImaginary;
        }
      }
    }
  };
}

function reversed(index: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((index >> bit) & 1) << (bits - 1 - bit);
  return result;
}

function swap(values: Float64Array, one: number, other: number): void {
  const kept = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = kept;
}
