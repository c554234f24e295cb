import type { Tensor, TensorData, TensorDtype } from "@stargate/kernel/backend";
import { fail } from "../onnx-errors.ts";

const dtypes: ReadonlySet<string> = new Set<TensorDtype>([
  "float32",
  "float64",
  "float16",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
  "string",
]);

/** Whether ONNX Runtime has tensors of this type in JavaScript: all of ours but bfloat16; its own 4-bit ones are not ours. */
export function isEngineDtype(type: string): type is TensorDtype {
  return dtypes.has(type);
}

/**
 * Data of an input as ONNX Runtime takes it. Shared memory is copied: the engine refuses it on older Node.js (20 does, 24
 * does not), and another thread may write to it during the run. All else is handed over as it is. Throws SG_COMPUTE_INPUT for what the engine would misread: a bool that is neither 0 nor 1, a string
 * that is none.
 */
export function toEngineData(name: string, { dtype, data }: Tensor): TensorData {
  if (dtype === "bool") requireAll(name, data as Uint8Array, (value) => value <= 1, "bool data must be 0 or 1");
  if (dtype === "string") {
    requireAll(name, data as readonly unknown[], (value) => typeof value === "string", "string data must be strings");
    return data;
  }
  // `checkTensors` has made sure that all other data is a typed array; `slice` of one keeps its type.
  const numbers = data as Exclude<TensorData, readonly string[]>;
  return numbers.buffer instanceof SharedArrayBuffer ? copyOf(numbers) : numbers;
}

/** A tensor the engine gave, as the contract has it. Its memory is not used again by the engine. */
export function fromEngineTensor(tensor: {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}): Tensor {
  // The signature of the model admits only types of ours, and the engine keeps to its signature.
  return { dtype: tensor.type as TensorDtype, shape: [...tensor.dims], data: tensor.data as TensorData };
}

/** `slice` of a typed array on shared memory allocates memory that is not shared. */
function copyOf(numbers: Exclude<TensorData, readonly string[]>): TensorData {
  return numbers.slice();
}

function requireAll<Value>(
  name: string,
  data: { findIndex(test: (value: Value) => boolean): number; [index: number]: Value },
  holds: (value: Value) => boolean,
  rule: string,
): void {
  const index = data.findIndex((value) => !holds(value));
  if (index >= 0) throw fail("SG_COMPUTE_INPUT", `Input "${name}": ${rule}; [${index}] is ${String(data[index])}`);
}
