import { fail, float16, fromShortFloat, type Tensor, toShortFloat } from "@stargate/kernel/backend";

let halves: Float32Array | undefined;

/** Values of a tensor of floats of either size. Throws SG_COMPUTE_MODEL for another type. */
export function floatsOf({ dtype, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype !== "float16" || !(data instanceof Uint16Array))
    throw fail("SG_COMPUTE_MODEL", `A Whisper model gives ${dtype} where floats are expected`);
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => fromShortFloat(float16, bits));
  const table = halves;
  return Float32Array.from(data, (bits) => table[bits] ?? 0);
}

/** A tensor of floats in the type that a model takes. */
export function floatTensor(values: Float32Array<ArrayBuffer>, shape: readonly number[], dtype: string): Tensor {
  if (dtype !== "float16") return { dtype: "float32", shape, data: values };
  return { dtype, shape, data: Uint16Array.from(values, (value) => toShortFloat(float16, value)) };
}
