import { checkTensors, type ModelSignature, type TensorMap, type TensorSpec } from "@stargate/kernel/backend";
import { fail } from "../onnx-errors.ts";
import { isEngineDtype } from "../tensors/engine-tensors.ts";

/** What a session says of one of its inputs or outputs. */
export interface EngineValue {
  readonly name: string;
  /** Element type; undefined for a sequence or map, which is no tensor. */
  readonly type: string | undefined;
  readonly shape: readonly (number | string)[];
}

/** The signature of a loaded model. Throws SG_COMPUTE_MODEL for values that are no tensors or of a type we do not carry. */
export function signatureOf(
  model: string,
  values: { readonly inputs: readonly EngineValue[]; readonly outputs: readonly EngineValue[] },
): ModelSignature {
  return {
    inputs: values.inputs.map((value) => specOf(`Input "${value.name}" of model "${model}"`, value)),
    outputs: values.outputs.map((value) => specOf(`Output "${value.name}" of model "${model}"`, value)),
  };
}

function specOf(where: string, { name, type, shape }: EngineValue): TensorSpec {
  if (type === undefined) throw fail("SG_COMPUTE_MODEL", `${where} is a sequence or a map; only tensors are supported`);
  if (!isEngineDtype(type)) throw fail("SG_COMPUTE_MODEL", `${where} is of type ${type}, which is not supported`);
  // A dynamic dimension without a name comes as an empty string.
  return { name, dtype: type, shape: shape.map((size) => (size === "" ? -1 : size)) };
}

/**
 * Compares inputs with the signature. Throws SG_COMPUTE_INPUT.
 * ONNX Runtime reports the shape [] both for a scalar and for an input that states no rank at all, and takes any shape
 * for both; so do we, or models of the second kind could not be run.
 */
export function checkInputs(model: string, signature: ModelSignature, inputs: TensorMap): void {
  const relaxed = signature.inputs.map((spec) =>
    spec.shape.length === 0 ? { ...spec, shape: inputs[spec.name]?.shape ?? [] } : spec,
  );
  checkTensors(model, { ...signature, inputs: relaxed }, inputs);
}
