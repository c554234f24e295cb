import { type Tensor, type TensorDtype, tensorFromBytes, tensorToBytes } from "@stargate/kernel";
import { tensorFromJson } from "@stargate/kernel/open-inference";
import { z } from "zod";
import { fail } from "../open-inference-errors.ts";

// Their elements are what the schema of the protocol says: the decoder knows no others.
const numbers = z.custom<readonly number[]>(Array.isArray);
const texts = z.custom<readonly string[]>(Array.isArray);

/** Typed data of a tensor (message InferTensorContents). 64-bit integers are decimal text. */
export const contentsSchema = z.object({
  boolContents: z.custom<readonly boolean[]>(Array.isArray),
  intContents: numbers,
  int64Contents: texts,
  uintContents: numbers,
  uint64Contents: texts,
  fp32Contents: numbers,
  fp64Contents: numbers,
  bytesContents: z.custom<readonly Uint8Array[]>(Array.isArray),
});
type Contents = z.infer<typeof contentsSchema>;

/**
 * A tensor of an answer that has its data typed instead of raw. Throws SG_COMPUTE_MESSAGE and SG_COMPUTE_INPUT for data
 * that is none of the dtype or does not fill the shape.
 */
export function tensorFromContents(dtype: TensorDtype, shape: readonly number[], contents: Contents | null): Tensor {
  if (contents === null) throw fail("SG_COMPUTE_MESSAGE", "it has no data");
  switch (dtype) {
    case "float16":
    case "bfloat16":
      throw fail("SG_COMPUTE_MESSAGE", `the protocol has ${dtype} data in raw form only`);
    case "float32":
      return fromFloats(dtype, shape, Float32Array.from(contents.fp32Contents));
    case "float64":
      return fromFloats(dtype, shape, Float64Array.from(contents.fp64Contents));
    default:
      return tensorFromJson("data", dtype, shape, valuesOf(dtype, contents));
  }
}

/** The field of a dtype. Fields are wider than some dtypes: the reader of JSON data refuses what does not fit. */
function valuesOf(
  dtype: Exclude<TensorDtype, "float16" | "bfloat16" | "float32" | "float64">,
  contents: Contents,
): readonly unknown[] {
  switch (dtype) {
    case "bool":
      return contents.boolContents;
    case "int8":
    case "int16":
    case "int32":
      return contents.intContents;
    case "int64":
      return contents.int64Contents.map(BigInt);
    case "uint8":
    case "uint16":
    case "uint32":
      return contents.uintContents;
    case "uint64":
      return contents.uint64Contents.map(BigInt);
    case "string":
      return contents.bytesContents.map((bytes) =>
        new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      );
  }
}

/** Unlike JSON, this form has infinities and NaN. */
function fromFloats(dtype: TensorDtype, shape: readonly number[], data: Float32Array | Float64Array): Tensor {
  return tensorFromBytes(dtype, shape, tensorToBytes({ dtype, data }));
}
