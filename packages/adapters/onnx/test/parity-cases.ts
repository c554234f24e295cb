import { readFile } from "node:fs/promises";
import type { Tensor, TensorDtype, TensorMap } from "@stargate/kernel";
import { z } from "zod";

const tensorSchema = z.object({
  type: z.string(),
  dims: z.array(z.number()),
  data: z.array(z.union([z.number(), z.string(), z.boolean()])),
  bits: z.array(z.number()).optional(),
});
const tensorsSchema = z.record(z.string(), tensorSchema);

/** `expected.json` of the shared folder parity/onnx-basic; its README says how it was made. */
const expectedSchema = z.object({
  cases: z.array(
    z.object({
      model: z.string(),
      inputs: tensorsSchema,
      outputs: tensorsSchema.optional(),
      error: z.string().optional(),
    }),
  ),
  recurrent_step: z.object({
    initial_h: z.array(z.array(z.number())),
    steps: z.array(z.object({ x: tensorSchema, y: tensorSchema, h_next: tensorSchema })),
  }),
});

export type ExpectedTensor = z.infer<typeof tensorSchema>;

/** The cases of parity/onnx-basic. */
export async function readExpected(path: string): Promise<z.infer<typeof expectedSchema>> {
  return expectedSchema.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Tensors as a backend takes them. */
export function tensorsOf(expected: Readonly<Record<string, ExpectedTensor>>): TensorMap {
  return Object.fromEntries(Object.entries(expected).map(([name, tensor]) => [name, tensorOf(tensor)]));
}

export function tensorOf({ type, dims, data, bits }: ExpectedTensor): Tensor {
  return { dtype: type as TensorDtype, shape: dims, data: dataOf(type, bits ?? data) };
}

function dataOf(type: string, data: readonly (number | string | boolean)[]): Tensor["data"] {
  switch (type) {
    case "string":
      return data.map(String);
    case "int64":
      return BigInt64Array.from(data, (value) => BigInt(String(value)));
    case "bool":
    case "uint8":
      return Uint8Array.from(data, Number);
    case "float16":
      return Uint16Array.from(data, Number);
    default:
      return Float32Array.from(data, Number);
  }
}
