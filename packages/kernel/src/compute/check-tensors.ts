import type { ModelSignature, Tensor, TensorMap, TensorSpec } from "../contract/compute-backend.ts";
import { fail } from "../errors/catalog.ts";
import { tensorArrays } from "./tensor-arrays.ts";

/**
 * Compares inputs with a model's signature, so that a mistake is named before an engine sees it.
 * Throws SG_COMPUTE_INPUT for a missing or unknown name, a wrong dtype, rank or fixed dimension, and for
 * data whose type or length does not fit the shape.
 */
export function checkTensors(model: string, signature: ModelSignature, inputs: TensorMap): void {
  const names = signature.inputs.map(({ name }) => name);
  for (const name of Object.keys(inputs)) {
    if (!names.includes(name))
      throw fail("SG_COMPUTE_INPUT", `Model "${model}" has no input "${name}"; its inputs are ${names.join(", ")}`);
  }
  for (const spec of signature.inputs) {
    const tensor = inputs[spec.name];
    if (tensor === undefined) throw fail("SG_COMPUTE_INPUT", `Input "${spec.name}" of model "${model}" is missing`);
    checkTensor(model, spec, tensor);
  }
}

function checkTensor(model: string, spec: TensorSpec, { dtype, shape, data }: Tensor): void {
  const where = `Input "${spec.name}" of model "${model}"`;
  if (dtype !== spec.dtype) throw fail("SG_COMPUTE_INPUT", `${where} takes ${spec.dtype}, not ${dtype}`);
  const fits =
    shape.length === spec.shape.length &&
    spec.shape.every((size, axis) => typeof size === "string" || size < 0 || size === shape[axis]);
  if (!fits)
    throw fail("SG_COMPUTE_INPUT", `${where} takes shape [${spec.shape.join(", ")}], not [${shape.join(", ")}]`);
  const length = shape.reduce((product, size) => product * size, 1);
  if (data.length !== length)
    throw fail("SG_COMPUTE_INPUT", `${where} has ${data.length} values; shape [${shape.join(", ")}] needs ${length}`);
  const right = dtype === "string" ? Array.isArray(data) : data instanceof tensorArrays[dtype];
  if (!right)
    throw fail(
      "SG_COMPUTE_INPUT",
      `${where}: ${dtype} data must be a ${dtype === "string" ? "string array" : tensorArrays[dtype].name}`,
    );
}
