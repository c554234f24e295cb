import type { ModelSignature, TensorSpec } from "@stargate/kernel";
import { dtypeOf } from "@stargate/kernel/open-inference";
import { fail } from "../open-inference-errors.ts";
import type { ModelMetadata, TensorMetadata } from "../server-client.ts";

/**
 * Inputs and outputs as the server tells them. Where its configuration says that the model batches, the first dimension
 * is named "batch", so that calls may share a run. Throws SG_COMPUTE_MODEL for a server that tells nothing, and for an
 * element type that tensors here cannot have.
 */
export function signatureOf(id: string, metadata: ModelMetadata, maxBatchSize: number | undefined): ModelSignature {
  if (metadata.inputs.length === 0 || metadata.outputs.length === 0)
    throw fail("SG_COMPUTE_MODEL", `The server does not tell the inputs and outputs of model "${id}"`, {
      hint: "Set `signature` in the settings of the model.",
    });
  const specs = (tensors: readonly TensorMetadata[]) =>
    tensors.map((tensor) => specOf(id, tensor, (maxBatchSize ?? 0) > 0));
  return { inputs: specs(metadata.inputs), outputs: specs(metadata.outputs) };
}

function specOf(id: string, { name, datatype, shape }: TensorMetadata, batches: boolean): TensorSpec {
  const dtype = dtypeOf(datatype);
  if (dtype === undefined)
    throw fail("SG_COMPUTE_MODEL", `Tensor "${name}" of model "${id}" has the datatype "${datatype}", unknown here`);
  return { name, dtype, shape: shape.map((size, axis) => (axis === 0 && size < 0 && batches ? "batch" : size)) };
}
