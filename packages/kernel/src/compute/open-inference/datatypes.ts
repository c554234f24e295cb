import type { TensorDtype } from "../../contract/compute-backend.ts";

const datatypes = {
  bool: "BOOL",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  float16: "FP16",
  bfloat16: "BF16",
  float32: "FP32",
  float64: "FP64",
  string: "BYTES",
} as const satisfies Record<TensorDtype, string>;

/** Name of an element type in the Open Inference Protocol. Strings are its BYTES, in UTF-8. */
export type Datatype = (typeof datatypes)[TensorDtype];

const dtypes = new Map(
  Object.entries(datatypes).map(([dtype, datatype]) => [datatype as string, dtype as TensorDtype]),
);

/** "float32" -> "FP32" */
export function datatypeOf(dtype: TensorDtype): Datatype {
  return datatypes[dtype];
}

/** "FP32" -> "float32"; undefined for what the protocol does not have. */
export function dtypeOf(datatype: string): TensorDtype | undefined {
  return dtypes.get(datatype);
}
