import type { ModelSignature, Tensor, TensorData, TensorDtype, TensorMap, TensorSpec } from "@stargate/kernel";

/** Inputs that fit a signature, the same on every machine. Dynamic dimensions get `dynamicSize`. */
export function deriveInputs(signature: ModelSignature, dynamicSize: number): TensorMap {
  return Object.fromEntries(signature.inputs.map((spec, index) => [spec.name, deriveTensor(spec, dynamicSize, index)]));
}

function deriveTensor({ dtype, shape: dimensions }: TensorSpec, dynamicSize: number, seed: number): Tensor {
  const shape = dimensions.map((size) => (typeof size === "string" || size < 0 ? dynamicSize : size));
  const length = shape.reduce((product, size) => product * size, 1);
  return { dtype, shape, data: values[dtype](length, bitsFrom(seed)) };
}

/** Pseudo-random bits: a linear congruential generator (Numerical Recipes' constants), of which the high bits are good. */
function bitsFrom(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

type Bits = () => number;

const signed = (bits: Bits): number => bits() / 2 ** 23 - 1; // -1 to 1
/** Integers are often indices, of which 0 and 1 exist in any table worth having. */
const small = (bits: Bits): number => (bits() >>> 12) & 1;
/** The bits of 0, 0.5, -0.5, 1 and -1. */
const halves = [0x0000, 0x3800, 0xb800, 0x3c00, 0xbc00];
const brainHalves = [0x0000, 0x3f00, 0xbf00, 0x3f80, 0xbf80];
const oneOf = (choices: readonly number[], bits: Bits): number => choices[bits() % choices.length] ?? 0;

const values: Readonly<Record<TensorDtype, (length: number, bits: Bits) => TensorData>> = {
  float32: (length, bits) => new Float32Array(length).map(() => signed(bits)),
  float64: (length, bits) => new Float64Array(length).map(() => signed(bits)),
  float16: (length, bits) => new Uint16Array(length).map(() => oneOf(halves, bits)),
  bfloat16: (length, bits) => new Uint16Array(length).map(() => oneOf(brainHalves, bits)),
  int8: (length, bits) => new Int8Array(length).map(() => small(bits)),
  int16: (length, bits) => new Int16Array(length).map(() => small(bits)),
  int32: (length, bits) => new Int32Array(length).map(() => small(bits)),
  int64: (length, bits) => new BigInt64Array(length).map(() => BigInt(small(bits))),
  uint8: (length, bits) => new Uint8Array(length).map(() => small(bits)),
  uint16: (length, bits) => new Uint16Array(length).map(() => small(bits)),
  uint32: (length, bits) => new Uint32Array(length).map(() => small(bits)),
  uint64: (length, bits) => new BigUint64Array(length).map(() => BigInt(small(bits))),
  bool: (length, bits) => new Uint8Array(length).map(() => small(bits)),
  string: (length) => Array.from({ length }, () => "a"),
};
