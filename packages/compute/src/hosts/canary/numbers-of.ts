import type { Tensor, TensorDtype } from "@stargate/kernel";

/** Types whose values may differ a little between two runs. */
export const isFloat = (dtype: TensorDtype): boolean => /float/.test(dtype);

/** Value `index` of a tensor as a number, or as text where numbers cannot hold it: strings and 64-bit integers. */
export function valueAt({ dtype, data }: Tensor, index: number): number | string {
  const value = data[index];
  if (typeof value !== "number") return String(value);
  if (dtype === "float16") return fromHalf(value);
  if (dtype === "bfloat16") return fromBrainHalf(value);
  return value;
}

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function fromBrainHalf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0] ?? NaN;
}
