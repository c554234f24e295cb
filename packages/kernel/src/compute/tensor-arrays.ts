import type { TensorData, TensorDtype } from "../contract/compute-backend.ts";

export type NumericDtype = Exclude<TensorDtype, "string">;
export type NumericData = Exclude<TensorData, readonly string[]>;

interface NumericArray {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (length: number): NumericData;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericData;
}

/** The array each dtype's values lie in; strings lie in an array of strings. */
export const tensorArrays: Readonly<Record<NumericDtype, NumericArray>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};
