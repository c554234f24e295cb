/** A binary floating point format of 16 bits. */
export interface ShortFloat {
  readonly mantissaBits: number;
  /** Exponent of the smallest normal number. */
  readonly minExponent: number;
}

/** IEEE 754 binary16. */
export const float16: ShortFloat = { mantissaBits: 10, minExponent: -14 };
/** bfloat16: a float32 without its lower half. */
export const bfloat16: ShortFloat = { mantissaBits: 7, minExponent: -126 };

/** Value of 16 bits. */
export function fromShortFloat({ mantissaBits, minExponent }: ShortFloat, bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const mantissa = bits & (2 ** mantissaBits - 1);
  const exponent = (bits & 0x7fff) >> mantissaBits;
  if (exponent === 2 ** (15 - mantissaBits) - 1) return mantissa === 0 ? sign * Infinity : NaN;
  const quantum = 2 ** (Math.max(exponent - 1, 0) + minExponent - mantissaBits);
  return sign * (exponent === 0 ? mantissa : mantissa + 2 ** mantissaBits) * quantum;
}

/** Bits of the nearest value, ties to even (IEEE 754, 4.3.1); those of an infinity for what is too large. */
export function toShortFloat({ mantissaBits, minExponent }: ShortFloat, value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const infinity = 0x7fff - (2 ** mantissaBits - 1);
  if (Number.isNaN(value)) return infinity + 2 ** (mantissaBits - 1);
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return sign + infinity;
  const exponent = Math.max(exponentOf(magnitude), minExponent);
  // Powers of two divide without an error. A full mantissa that is rounded up carries into the exponent, as it should.
  const units = roundHalfEven(magnitude / 2 ** (exponent - mantissaBits));
  return sign + Math.min((exponent - minExponent) * 2 ** mantissaBits + units, infinity);
}

// One for all: whole tensors of values go through it.
const scratch = new DataView(new ArrayBuffer(8));

/** Exponent of a normal float64; of a subnormal, something below that of any short float. */
function exponentOf(magnitude: number): number {
  scratch.setFloat64(0, magnitude);
  return (scratch.getUint16(0) >> 4) - 1023;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
