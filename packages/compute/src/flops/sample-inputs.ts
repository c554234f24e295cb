import type { ModelSignature, Tensor, TensorMap } from "@stargate/kernel";
import { deriveInputs } from "../hosts/canary/derive-inputs.ts";
import type { MeteredRun } from "../pools/run/run-meter.ts";

/** Values of inputs up to this size are kept: lengths, flags and token numbers, which may decide how long a model runs. */
const MAX_KEPT_ELEMENTS = 4096;

/** What is remembered of the inputs of a run until there is time to count its operations. */
export interface InputSample {
  readonly signature: ModelSignature;
  readonly kept: TensorMap;
}

/** One item of the inputs of a call: small ones as they are, of large ones the type and size alone. */
export function sampleInputs({ inputs, hasItems }: Pick<MeteredRun, "inputs" | "hasItems">): InputSample {
  const items = Object.entries(inputs).map(([name, tensor]) => [name, hasItems ? firstItem(tensor) : tensor] as const);
  const small = items.filter(([, { shape }]) => elements(shape) <= MAX_KEPT_ELEMENTS);
  return {
    signature: { inputs: items.map(([name, { dtype, shape }]) => ({ name, dtype, shape })), outputs: [] },
    kept: Object.fromEntries(small.map(([name, tensor]) => [name, { ...tensor, data: firstValues(tensor) }])),
  };
}

/** Inputs to count with. What was not kept is made up: pictures and sounds do not change what is computed on them. */
export function inputsOf({ signature, kept }: InputSample): TensorMap {
  const missing = signature.inputs.filter(({ name }) => kept[name] === undefined);
  return { ...deriveInputs({ inputs: missing, outputs: [] }, 1), ...kept };
}

/** Shares the memory of the whole. */
function firstItem(tensor: Tensor): Tensor {
  return { ...tensor, shape: [1, ...tensor.shape.slice(1)] };
}

function firstValues({ shape, data }: Tensor): Tensor["data"] {
  return data.slice(0, elements(shape));
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
