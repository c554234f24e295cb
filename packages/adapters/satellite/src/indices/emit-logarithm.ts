import { code, constant, integer64, op, unsigned } from "./wasm-module.ts";

/** Smallest and largest number whose bits mean what they say: below the first, precision ebbs away. */
const LEAST = 2.2250738585072014e-308;
const MOST = Number.MAX_VALUE;
/** Terms of the series; for (m - 1) / (m + 1) below 0.172 the eleventh is beyond double precision. */
const TERMS = 11;

/**
 * Natural logarithm without leaving the loop: the exponent is read from the bits, and the mantissa m, brought to within the
 * root of two around one, has ln m = 2 atanh((m - 1) / (m + 1)) (Abramowitz and Stegun, 4.1.27). Exact to the last bits.
 * NaN for what has no logarithm. `argument` leaves a number on the stack; `bits` is an i64 local, `freshLocal` makes f64 ones.
 */
export function emitLogarithm(
  argument: readonly number[],
  { bits, freshLocal }: { readonly bits: number; readonly freshLocal: () => number },
): readonly number[] {
  const [x, exponent, mantissa, ratio, square] = Array.from({ length: 5 }, () => unsigned(freshLocal()));
  const pattern = unsigned(bits);
  const get = (local: readonly number[] = []): readonly number[] => code(op.localGet, local);
  const set = (local: readonly number[] = []): readonly number[] => code(op.localSet, local);
  const isLarge = code(get(mantissa), constant(Math.SQRT2), op.f64Greater);
  const ofMantissa = code(get(pattern), integer64((1n << 52n) - 1n), op.i64And, integer64(1023n << 52n), op.i64Or);
  const ofExponent = code(get(pattern), integer64(52n), op.i64ShiftRightUnsigned, integer64(1023n), op.i64Subtract);
  const series = Array.from({ length: TERMS }, (_, term) => 1 / (2 * (TERMS - 1 - term) + 1)).map((factor, term) =>
    term === 0 ? constant(factor) : code(get(square), op.f64Multiply, constant(factor), op.f64Add),
  );
  return code(
    code(argument, op.localTee, x ?? [], op.i64FromBits, set(pattern)),
    code(ofMantissa, op.f64FromBits, set(mantissa)),
    code(ofExponent, op.f64FromI64Signed, isLarge, op.f64FromI32Unsigned, op.f64Add, set(exponent)),
    code(get(mantissa), constant(0.5), op.f64Multiply, get(mantissa), isLarge, op.select, set(mantissa)),
    code(get(mantissa), constant(1), op.f64Subtract, get(mantissa), constant(1), op.f64Add, op.f64Divide),
    code(op.localTee, ratio ?? [], get(ratio), op.f64Multiply, set(square)),
    code(get(exponent), constant(Math.LN2), op.f64Multiply),
    code(series.flat(), get(ratio), op.f64Multiply, constant(2), op.f64Multiply, op.f64Add),
    code(constant(Number.NaN), get(x), constant(LEAST), op.f64GreaterOrEqual),
    code(get(x), constant(MOST), op.f64LessOrEqual, op.i32And, op.select),
  );
}
