import { fail, float16, fromShortFloat, type Tensor, toShortFloat } from "@stargate/kernel/backend";

let halves: Float32Array | undefined;

/** Values of a tensor of floats of either size. Throws SG_COMPUTE_MODEL for another type. */
export function floatsOf({ dtype, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (dtype !== "float16" || !(data instanceof Uint16Array))
    throw fail("SG_COMPUTE_MODEL", `A Whisper model gives ${dtype} where floats are expected`);
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => fromShortFloat(float16, bits));
  const values = new Float32Array(data.length);
  for (let index = 0; index < data.length; index++) values[index] = halves[data[index] ?? 0] ?? 0;
  return values;
}

/** A tensor of floats in the type that a model takes. */
export function floatTensor(values: Float32Array<ArrayBuffer>, shape: readonly number[], dtype: string): Tensor {
  if (dtype !== "float16") return { dtype: "float32", shape, data: values };
  // A loop, because `Uint16Array.from` with a function takes three times as long, and windows have 240,000 values.
  const data = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) data[index] = toShortFloat(float16, values[index] ?? 0);
  return { dtype, shape, data };
}
